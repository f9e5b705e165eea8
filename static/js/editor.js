// What pages with a <code-editor> load besides app.js: CodeMirror, mounted in a
// shadow root so that its styles are adopted sheets, which the policy allows.
import { begin, difference, mount, told } from './editor-view.js'
import { Draft } from './editor-draft.js'
import { markLine } from './editor-mark.js'
import { dress, still } from './editor-still.js'
import { Near } from './editor-near.js'
import { plain } from './plain.js'

// CodeEditor stands over a real <textarea> of a form, so the form is sent, and
// read by htmx, as if there were no editor. What is typed is written into it as
// soon as somebody asks (value), and not at each key: a text may be a megabyte.
// In a cell it is there only while the cell is near the window: else its text
// stands there, and the state waits. What is typed says "input"; an arrow past
// the text says "editor:leave", detail -1 or 1.
class CodeEditor extends HTMLElement {
  connectedCallback() {
    if (this.begun) return
    this.begun = true
    this.field = this.querySelector('textarea')
    this.field.addEventListener('input', (event) => event.isTrusted && this.late())
    this.field.form?.addEventListener('formdata', (event) => this.behind && event.formData.set(this.field.name, this.value))
    this.root = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true })
    this.cell = this.closest('.cell') !== null
    dress(this.root)
    this.root.append(slot('below'))
    if (this.cell) this.wait()
    else this.start()
  }

  disconnectedCallback() {
    // A move within the page disconnects and connects again at once.
    queueMicrotask(() => {
      if (this.isConnected || !this.begun) return
      this.begun = false
      this.near?.leave(this)
      this.draft?.stop()
      this.takeOff()
      this.state = null
      this.root.replaceChildren()
    })
  }

  // A move that keeps the node's state keeps the editor's.
  connectedMoveCallback() {}

  get words() {
    const { label = 'Code', lang = 'python' } = this.dataset
    return { label, lang, hint: this.field.placeholder, cell: this.cell }
  }

  // become makes it an editor of another language, or of another label.
  become(lang, label) {
    const before = this.words
    this.dataset.lang = lang
    this.dataset.label = label
    if (before.lang === lang && before.label === label) return
    const { view } = this
    if (before.lang !== lang) this.state = null
    if (before.lang === lang) {
      view?.dispatch({}) // the label is read anew
    } else if (view) {
      const focused = view.hasFocus
      this.takeOff()
      this.show()
      if (focused) this.view.focus()
    }
    if (this.still?.matches('.still')) this.redraw()
  }

  redraw() {
    this.still.text = undefined
    this.rest()
  }

  // start is the editor of a form: at once, with the draft that was kept. What
  // was typed before it came stands above the draft, which Undo brings back.
  start() {
    this.draft = new Draft(this.field.form)
    const served = plain(this.field.defaultValue)
    const typed = this.field.value
    const hold = this.hold()
    const kept = this.draft.text(served)
    this.open(kept)
    this.field.value = kept
    if (typed !== served) this.value = typed
    this.resume(hold)
  }

  // wait leaves the text field there until the cell's turn comes: an editor when
  // it is near, else its text.
  wait() {
    this.still = slot()
    this.root.prepend(this.still)
    this.near = Near.of()
    this.near.join(this)
  }

  // show mounts the editor, with what was typed, the caret and the focus that the
  // text field had.
  show() {
    if (this.view) return
    const hold = this.hold()
    this.open(this.field.value)
    this.resume(hold)
  }

  open(text) {
    try {
      this.state ??= this.begin(text)
      this.view = mount(this.root, this.state)
    } catch (error) {
      this.root.innerHTML = '<slot></slot>' // the text field serves
      throw error
    }
    this.state = null
    this.unstill()
  }

  begin(text) {
    const state = begin(text, this.words, this.listeners())
    return this.line > 0 ? state.update(markLine(this.line)).state : state
  }

  // hold is the caret of the text field, null when somebody is elsewhere.
  hold() {
    const { selectionStart, selectionEnd } = this.field
    return this.field === document.activeElement ? { anchor: selectionStart, head: selectionEnd } : null
  }

  resume(hold) {
    if (!hold) return
    const end = this.view.state.doc.length
    this.view.dispatch({ selection: { anchor: Math.min(hold.anchor, end), head: Math.min(hold.head, end) } })
    this.view.focus()
  }

  // rest takes the editor away and leaves its text.
  rest() {
    if (this.still?.matches('.still') && this.still.text === this.field.value) return
    if (this.view) {
      this.state = this.view.state
      this.takeOff()
    }
    this.unstill()
    this.still = still(this.field.value, this.words)
    this.still.text = this.field.value
    this.still.addEventListener('focus', () => this.wake())
    this.still.addEventListener('click', (event) => this.wake(event))
    this.root.prepend(this.still)
  }

  takeOff() {
    if (!this.view) return
    this.settle()
    this.view.destroy()
    this.view = null
  }

  // wake is for who comes before the editor does.
  wake(press) {
    this.show()
    if (press) this.view.dispatch({ selection: { anchor: this.view.posAtCoords({ x: press.clientX, y: press.clientY }, false) } })
    this.view.focus()
  }

  unstill() {
    this.still?.remove()
    this.still = null
  }

  // busy says that it must not go: somebody is in it.
  get busy() {
    return this.view?.hasFocus || this.matches(':focus-within')
  }

  listeners() {
    return {
      label: () => this.words.label,
      change: (theirs) => this.changed(theirs),
      leave: (way) => !this.dispatchEvent(new CustomEvent('editor:leave', { bubbles: true, cancelable: true, detail: way })),
      helper: () => this.helper,
    }
  }

  get value() {
    this.settle()
    return this.field.value
  }

  // settle writes into the text field what stands in the editor.
  settle() {
    if (!this.behind) return
    this.behind = false
    this.field.value = this.view.state.doc.toString()
  }

  set value(text) {
    this.change(text)
  }

  // take puts somebody else's text there: it is no change of one's own, and the
  // cursor stays on its line.
  take(text) {
    this.change(text, { annotations: told.of(true) })
  }

  change(text, extra) {
    if (text === this.value) return
    if (!this.view && this.state) this.state = this.state.update({ changes: difference(this.field.value, text), ...extra }).state
    if (this.view) {
      this.view.dispatch({ changes: difference(this.field.value, text), ...extra })
      return
    }
    this.field.value = text
    this.changed(Boolean(extra))
    if (this.still) this.rest()
  }

  changed(theirs) {
    this.behind = this.view !== null
    this.draft?.note(() => this.value)
    if (!theirs) this.field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  // late takes what still reached the text field: the end of a composition that
  // was going on when the editor came.
  late() {
    if (this.view && !this.behind && this.view.state.doc.toString() !== this.field.value) {
      this.view.dispatch({ changes: difference(this.view.state.doc.toString(), this.field.value) })
    }
  }

  focus() {
    if (!this.cell || this.view) this.view?.focus()
    else this.wake()
  }

  // enter puts the caret at the beginning (way 1) or the end (way -1).
  enter(way) {
    this.focus()
    const doc = this.view.state.doc
    this.view.dispatch({ selection: { anchor: way > 0 ? 0 : doc.length }, scrollIntoView: true })
  }

  // wrong is the number of the line that failed, 0 when none did.
  set wrong(line) {
    if (line === (this.line ?? 0)) return
    this.line = line
    if (this.view) this.view.dispatch(markLine(line))
    else if (this.state) this.state = this.state.update(markLine(line)).state
  }
}

function slot(name) {
  const node = document.createElement('slot')
  if (name) node.name = name
  return node
}


customElements.define('code-editor', CodeEditor)
