// What an expiry clock says for the time that is left, in milliseconds. It is
// the table of views/ui/clock.go over again; TestClockWordsAgree compares the
// two, so change both.
const second = 1000
const minute = 60 * second
const hour = 60 * minute

// The whole ring is 48 units, an hour each; the last arc stays visible.
const ringUnits = 48
const leastUnits = 0.6

const words = {
  extended: 'left',
  calm: 'left',
  notice: 'soon',
  warning: 'last hour',
  last: 'last minute',
  expired: '',
}

export function stateOf(left) {
  if (left <= 0) return 'expired'
  if (left < minute) return 'last'
  if (left < hour) return 'warning'
  if (left < 6 * hour) return 'notice'
  if (left <= 48 * hour) return 'calm'
  return 'extended'
}

export function timeOf(left) {
  const whole = (unit) => Math.floor(left / unit)
  if (left <= 0) return 'expired'
  if (left < minute) return `${whole(second)}s`
  if (left < hour) return `${whole(minute)}m`
  if (whole(hour) < 24) return `${whole(hour)}h ${String(whole(minute) % 60).padStart(2, '0')}m`
  return `${Math.floor(whole(hour) / 24)}d ${whole(hour) % 24}h`
}

// face is all that is drawn: state, words, and the two numbers of the arc.
export function face(left) {
  left = Math.max(0, left)
  const state = stateOf(left)
  const units = Math.min(ringUnits, Math.max(leastUnits, left / hour))
  return {
    state,
    time: timeOf(left),
    word: words[state],
    dash: `${units.toFixed(2)} 48`,
    offset: (units - ringUnits).toFixed(2),
  }
}
