// What a notebook's editors may offer: the names that stand in its cells, and
// what its live kernel answers.
const word = /[\p{L}_][\p{L}\p{N}_]{2,}/gu
const mostText = 200_000 // characters that are looked through
const mostNames = 500
const mostKept = 1000 // texts whose words are remembered

export class Names {
  known = new Map() // the words of a text

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
      for (const name of each.length > left ? wordsOf(each.slice(0, left)) : this.wordsOf(each)) {
        found.add(name)
        if (found.size > mostNames) break
      }
      left -= each.length
      if (left <= 0 || found.size > mostNames) break
    }
    found.delete(typed)
    return [...found]
  }

  wordsOf(text) {
    if (this.known.size > mostKept) this.known.clear()
    if (!this.known.has(text)) this.known.set(text, wordsOf(text))
    return this.known.get(text)
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

const wordsOf = (text) => new Set(text.match(word))
