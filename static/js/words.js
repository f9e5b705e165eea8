// Small words that several modules need, written as the server writes them
// (views/ui/format.go and name.go).

// size writes bytes in decimal units: 980 B, 2.0 KB, 84 KB, 1 GB.
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`
  let value = bytes
  let unit = ''
  for (unit of ['KB', 'MB', 'GB', 'TB']) {
    value /= 1000
    if (value < 999.5) break
  }
  const whole = unit === 'GB' && Number.isInteger(value)
  return `${value.toFixed(value < 9.95 && !whole ? 1 : 0)} ${unit}`
}

export const plural = (n, noun) => (n === 1 ? `1 ${noun}` : `${n.toLocaleString('en-US')} ${noun}s`)

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

// splitName cuts a file name in two: the head may be shortened with an
// ellipsis, the tail always stays.
export function splitName(name) {
  const runes = [...name]
  const dot = name.lastIndexOf('.')
  let keep = dot > 0 ? [...name.slice(dot)].length : 0
  if (keep >= runes.length || keep > 12) return [name, '']
  if (!rightToLeft.test(name)) keep += runes.length > 34 ? 7 : runes.length > 14 ? 2 : 0
  if (keep >= runes.length) return [name, '']
  return [runes.slice(0, runes.length - keep).join(''), runes.slice(runes.length - keep).join('')]
}
