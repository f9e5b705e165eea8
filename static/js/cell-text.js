// The text of one cell between browser and server: what the server has (base and
// its version), what stands here, and what is on its way. Rules only; the
// network and the page are in cell-saver.js.
export class CellText {
  constructor(id, version, base) {
    this.id = id
    this.version = version
    this.base = base
    this.sent = [] // texts that the server may have by now
    this.conflict = null // { version, text }: somebody else's
  }

  // meet takes what the server is known to have, and says what that means for
  // the text here: 'old' news, 'same' as here or as was sent from here, 'theirs'
  // is to be shown, or a 'conflict'.
  meet(version, theirs, mine) {
    if (version < this.version) return 'old'
    const clean = mine === this.base
    if (theirs === mine || theirs === this.base || this.sent.includes(theirs)) {
      this.settle(version, theirs)
      return 'same'
    }
    if (clean && !this.conflict) {
      this.settle(version, theirs)
      return 'theirs'
    }
    this.conflict = { version, text: theirs }
    return 'conflict'
  }

  // settle notes what the server has.
  settle(version, text) {
    this.version = Math.max(version, this.version)
    this.base = text
    this.sent = this.sent.slice(this.sent.indexOf(text) + 1)
    this.conflict = null
  }
}
