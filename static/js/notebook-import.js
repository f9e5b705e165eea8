// <notebook-import>: takes .ipynb and .py files from the picker or from a drop
// anywhere on the page. Its parts are drawn by views/notebookimport.templ;
// without script its form does the work.
import { announce, warn } from './say.js'

const most = 20

class NotebookImport extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form')
    this.picker = this.form.querySelector('input[type=file]')
    this.picker.addEventListener('change', () => this.take([...this.picker.files]))
    this.form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.take([...this.picker.files])
    })
    this.querySelector('[data-open]').addEventListener('click', (event) => {
      event.preventDefault()
      this.picker.click()
    })
    this.stop = new AbortController()
    const listen = (type, act) => addEventListener(type, act, { signal: this.stop.signal })
    listen('dragenter', (event) => this.over(event))
    listen('dragover', (event) => this.over(event))
    listen('dragleave', (event) => event.relatedTarget === null && this.uncover())
    listen('drop', (event) => this.drop(event))
  }

  disconnectedCallback() {
    this.uncover()
    this.stop.abort()
  }

  over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    if (this.veil) return
    this.veil = this.querySelector('template[data-veil]').content.firstElementChild.cloneNode(true)
    document.body.append(this.veil)
  }

  uncover() {
    this.veil?.remove()
    this.veil = null
  }

  drop(event) {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.uncover()
    this.take([...event.dataTransfer.files])
  }

  // take sends one file after the other, so that each is answered for itself. One
  // alone is opened; of several the list tells.
  async take(files) {
    if (files.length === 0 || this.busy) return
    if (files.length > most) {
      warn(`More than ${most} files at once are not taken. Import them in parts.`)
      return
    }
    this.busy = true
    this.setAttribute('aria-busy', 'true')
    announce(files.length === 1 ? `Importing ${files[0].name}` : `Importing ${files.length} files`)
    let made = []
    for (const file of files) {
      const at = await this.send(file)
      if (at) made.push(at)
    }
    this.busy = false
    this.removeAttribute('aria-busy')
    this.picker.value = ''
    if (made.length === 1 && files.length === 1) location.assign(made[0])
    else if (made.length === files.length) location.reload()
    else if (made.length > 0) announce(`${made.length} of ${files.length} imported. Reload the page to see them.`)
  }

  async send(file) {
    const body = new FormData()
    body.append('file', file, file.name)
    try {
      const answer = await fetch(this.form.action, { method: 'POST', body, headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } })
      if (answer.ok) return answer.headers.get('HX-Redirect')
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      page.querySelector('.toast-request')?.remove()
      const words = page.querySelector('.toast-text')?.textContent.replace(/\s+/g, ' ').trim()
      warn(`${file.name}: ${words || `Mayfly did not answer as it should (${answer.status}).`}`)
    } catch {
      warn(`${file.name} was not imported: the connection was lost. Try again.`)
    }
    return null
  }
}

customElements.define('notebook-import', NotebookImport)
