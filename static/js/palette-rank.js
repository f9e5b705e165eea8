// How well a name fits what was typed: its letters in their order, better at the
// beginnings of words and together.

const fold = (text) => text.toLowerCase()
const boundary = /[\s_\-.,:;/\\()[\]]/

// places finds for each typed letter where it stands in the name; null when they
// are not there in order. A stretch that stands there as typed wins.
function places(name, typed) {
  const letters = [...fold(typed)].filter((letter) => !/\s/.test(letter))
  const whole = fold(name)
  const start = whole.indexOf(fold(typed.trim()))
  if (typed.trim() && start >= 0) return Array.from({ length: typed.trim().length }, (_, i) => start + i)
  const found = []
  let at = 0
  for (const letter of letters) {
    const first = whole.indexOf(letter, at)
    if (first < 0) return null
    const best = beginning(whole, letter, first)
    const rest = letters.slice(found.length + 1)
    const use = best > first && holds(whole, rest, best + letter.length) ? best : first
    found.push(use)
    at = use + letter.length
  }
  return found
}

// beginning is where the letter next begins a word, else -1.
function beginning(whole, letter, from) {
  for (let i = from; i >= 0; i = whole.indexOf(letter, i + 1)) {
    if (i === 0 || boundary.test(whole[i - 1])) return i
  }
  return -1
}

function holds(whole, letters, at) {
  for (const letter of letters) {
    const next = whole.indexOf(letter, at)
    if (next < 0) return false
    at = next + letter.length
  }
  return true
}

// score is higher for a better fit, 0 when nothing was typed, null for none.
export function score(name, typed) {
  if (!typed) return 0
  const found = places(name, typed)
  if (!found) return null
  let points = 100 - Math.min(40, name.length / 4) - Math.min(30, found[0] ?? 0)
  found.forEach((at, i) => {
    if (at === 0 || boundary.test(name[at - 1])) points += 12
    if (i > 0 && at === found[i - 1] + 1) points += 8
  })
  return points
}

// spans cuts a name into parts that were typed and parts that were not.
export function spans(name, typed) {
  const hits = new Set(typed ? (places(name, typed) ?? []) : [])
  const parts = []
  for (let i = 0; i < name.length; i++) {
    const hit = hits.has(i)
    if (parts.at(-1)?.hit === hit) parts.at(-1).part += name[i]
    else parts.push({ part: name[i], hit })
  }
  return parts
}
