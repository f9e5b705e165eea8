// Two texts, line by line.

// The longest stretch, in lines, that is compared line by line: the work grows
// with the square of it.
const most = 1500

// marked cuts two texts into lines, { text, own }: own lines the other text does
// not have.
export function marked(one, other) {
  const a = one.split('\n')
  const b = other.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const [ownA, ownB] = differing(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const mark = (lines, own) => lines.map((text, i) => ({ text, own: own.has(i - head) }))
  return [mark(a, ownA), mark(b, ownB)]
}

// differing finds the lines that are in no longest common sequence of both.
function differing(a, b) {
  const ownA = new Set(a.keys())
  const ownB = new Set(b.keys())
  if (a.length > most || b.length > most) return [ownA, ownB]
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1])
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      ownA.delete(i++)
      ownB.delete(j++)
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++
    else j++
  }
  return [ownA, ownB]
}
