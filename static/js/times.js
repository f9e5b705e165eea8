// Moments as people here write them, in the time of the browser.
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const two = (n) => String(n).padStart(2, '0')
const day = (t) => `${days[t.getDay()]} ${t.getDate()} ${months[t.getMonth()]}`
const hours = (t) => `${two(t.getHours())}:${two(t.getMinutes())}`

export const fullTime = (t) => `${day(t)} ${t.getFullYear()}, ${hours(t)}`
export const shortTime = (t) => `${days[t.getDay()]} ${hours(t)}`

// The shapes of views/ui/atoms.templ, Moment.
export const shapes = {
  full: fullTime,
  time: (t) => `${day(t)}, ${hours(t)}:${two(t.getSeconds())}`,
  until: (t) => `${day(t)}, ${hours(t)}`,
  short: shortTime,
  day: (t) => `${day(t)} ${t.getFullYear()}`,
}
