// One timer for everything that moves on a page. It rests while the page is
// hidden and catches up when it is seen again.
const members = new Map()
let timer = 0

// join has tick called about every so many milliseconds, until leave.
export function join(member, every) {
  members.set(member, every)
  wind()
}

export function leave(member) {
  members.delete(member)
  wind()
}

function wind() {
  clearInterval(timer)
  timer = 0
  if (members.size > 0 && !document.hidden) timer = setInterval(tickAll, Math.min(...members.values()))
}

function tickAll() {
  for (const member of members.keys()) member.tick()
}

document.addEventListener('visibilitychange', () => {
  wind()
  if (!document.hidden) tickAll()
})

const began = { steady: performance.now(), wall: Date.now() }

// elapsed is how many milliseconds have gone by since the page began. The
// steady clock stands still while a computer sleeps, the wall clock may be set
// back: the larger of the two is right in both cases.
export function elapsed() {
  return Math.max(performance.now() - began.steady, Date.now() - began.wall)
}
