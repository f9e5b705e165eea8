// What a notebook's editors may offer: the names that stand in its cells, and
// what its live kernel answers.
const word = /[\p{L}_][\p{L}\p{N}_]{2,}/gu
const mostText = 200_000 // characters that are looked through
const mostNames = 500

export class Names {
  // texts() are the texts of the notebook's code cells; path is the notebook's.
  constructor(path, texts) {
    this.path = path
    this.texts = texts
  }

  // names are the words of the notebook, without the one that is being typed.
  names(text, typed) {
    const found = new Set()
    let left = mostText
    for (const each of [text, ...this.texts()]) {
      for (const [name] of each.slice(0, left).matchAll(word)) {
        found.add(name)
        if (found.size > mostNames) break
      }
      left -= each.length
      if (left <= 0 || found.size > mostNames) break
    }
    found.delete(typed)
    return [...found]
  }

  // ask has the kernel say what may stand at a place, in code points. Nothing
  // comes from a notebook without a live kernel.
  async ask(code, at, signal) {
    const response = await fetch(`${this.path}/complete`, {
      method: 'POST',
      body: new URLSearchParams({ code, at }),
      headers: { Accept: 'application/json' },
      signal,
    })
    return response.ok && response.status !== 204 ? response.json() : null
  }
}
