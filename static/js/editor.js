// What pages with a <code-editor> load besides app.js: CodeMirror, mounted in a
// shadow root so that its styles are adopted sheets, which the policy allows.
import { mount } from './editor-view.js'
import { Draft } from './editor-draft.js'

// CodeEditor stands over a real <textarea> of a form and writes every change
// into it, so the form is sent, and read by htmx, as if there were no editor.
class CodeEditor extends HTMLElement {
  connectedCallback() {
    if (this.view) return
    this.field = this.querySelector('textarea')
    this.draft = new Draft(this.field.form)
    const text = this.draft.text(this.field.value)
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true })
    try {
      this.view = mount(root, text, { label: this.dataset.label ?? 'Code', hint: this.field.placeholder }, (value) => this.write(value))
    } catch (error) {
      root.innerHTML = '<slot></slot>' // the textarea serves
      throw error
    }
    if (text !== this.field.value) this.write(text)
  }

  disconnectedCallback() {
    // A move within the page disconnects and connects again at once.
    queueMicrotask(() => {
      if (this.isConnected) return
      this.draft.stop()
      this.view?.destroy()
      this.view = null
    })
  }

  get value() {
    return this.field.value
  }

  set value(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } })
  }

  write(text) {
    this.field.value = text
    this.draft.note(text)
    this.field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

customElements.define('code-editor', CodeEditor)
