// Drafts of cells: what was typed and is not saved yet, kept in this browser so
// that neither a crash nor a lost network nor an ended session takes it. Each
// tab keeps its own, since two tabs may hold two texts of one cell. A draft is
// { version, text, kind, place, notebook, at }: version is the server's that it
// was typed over, the rest tells of its cell, should that be gone.
const prefix = 'mayfly:cell:'
const keepFor = 30 * 24 * 3600 * 1000

// A draft of another tab that is older than this, in milliseconds, is not being
// saved there: the tab is gone, or in trouble.
const abandoned = 10_000

export class CellDrafts {
  // person is the account: two people on one browser do not see each other's.
  constructor(person, notebook) {
    this.notebook = notebook
    this.mine = prefix + person + ':'
    this.tab = tabID()
  }

  key(cell) {
    return `${this.mine}${cell}:${this.tab}`
  }

  // keep writes a draft at once where there is room in the small store, else it
  // goes to the large one, which takes a moment. false: this browser has no room.
  keep(cell, typed) {
    const draft = { ...typed, notebook: this.notebook, at: Date.now() }
    try {
      localStorage.setItem(this.key(cell), JSON.stringify(draft))
      return true
    } catch {
      try {
        localStorage.removeItem(this.key(cell)) // an older text is not to win
      } catch {} // not allowed: there is none
      return large('readwrite', (store) => store.put(draft, this.key(cell))).then(() => true, () => false)
    }
  }

  // drop forgets a cell's draft of this tab, or the one with the given key.
  drop(cell, key = this.key(cell)) {
    try {
      localStorage.removeItem(key)
    } catch {} // not allowed: there is none
    if (this.some) large('readwrite', (store) => store.delete(key)).catch(() => {})
  }

  // all finds the newest draft of each cell, of this tab or an abandoned one.
  async all() {
    const found = new Map()
    const take = (key, draft) => {
      if (!key.startsWith(this.mine) || !draft || typeof draft.text !== 'string') return
      const [cell, tab] = key.slice(this.mine.length).split(':')
      if (tab !== this.tab && Date.now() - draft.at < abandoned) return
      if (!(found.get(cell)?.at >= draft.at)) found.set(cell, { ...draft, key })
    }
    sweep(take)
    for (const [key, draft] of await largeDrafts()) {
      this.some = true
      take(key, draft)
    }
    return found
  }
}

// sweep reads every draft of the small store, and takes away those that nobody
// came back for.
function sweep(take) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue
      const draft = JSON.parse(localStorage.getItem(key))
      if (Date.now() - draft?.at < keepFor) take(key, draft)
      else localStorage.removeItem(key)
    }
  } catch {} // unreadable or not allowed: there are none
}

function tabID() {
  const name = 'mayfly:tab'
  const made = Math.random().toString(36).slice(2, 10)
  try {
    const id = sessionStorage.getItem(name) ?? made
    sessionStorage.setItem(name, id)
    return id
  } catch {
    return made
  }
}

// large does one thing in the large store, which is made when first needed.
function large(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('mayfly', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('drafts')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const db = opening.result
      const work = db.transaction('drafts', mode)
      const asked = act(work.objectStore('drafts'))
      work.oncomplete = () => resolve(asked.result)
      work.onerror = work.onabort = () => reject(work.error)
      work.addEventListener('complete', () => db.close())
    }
  })
}

async function largeDrafts() {
  try {
    if ((await indexedDB.databases?.())?.every(({ name }) => name !== 'mayfly')) return []
    const keys = await large('readonly', (store) => store.getAllKeys())
    const drafts = await large('readonly', (store) => store.getAll())
    return keys.map((key, i) => [key, drafts[i]])
  } catch {
    return [] // not allowed: there are none
  }
}
