// <add-files>: files from somebody's disk that go with a run. The field is the
// browser's own; here stands what is chosen, and what is too large is said before
// it is sent.
import { announce } from './say.js'
import { size } from './words.js'

class AddFiles extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector('input')
    this.none = this.querySelector('[data-none]')
    this.field.addEventListener('change', () => {
      this.tell()
      announce(this.querySelector('[data-chosen]').textContent)
    })
    this.none.addEventListener('click', () => {
      this.field.value = ''
      this.tell()
      this.field.focus()
    })
    this.tell() // a browser may remember what was chosen
  }

  tell() {
    const files = [...this.field.files]
    const most = Number(this.dataset.fileMax)
    const large = files.find((file) => file.size > most)
    const bytes = files.reduce((sum, file) => sum + file.size, 0)
    const names = files.slice(0, 2).map((file) => file.name)
    if (files.length > 2) names.push(`${files.length - 2} more`)
    this.querySelector('[data-chosen]').textContent = files.length === 0 ? '' : `${names.join(', ')} · ${size(bytes)}`
    this.none.hidden = files.length === 0
    this.field.setCustomValidity(large ? `${large.name} has ${size(large.size)}, and a file may have ${size(most)}. Take it out, or choose a smaller one.` : '')
    if (large) this.field.reportValidity()
  }
}

customElements.define('add-files', AddFiles)
