// <file-upload>: takes files from the picker, from a drop anywhere on the page
// and from the clipboard, and shows how each is doing in a tray. Its parts are
// drawn by views/upload.templ; without script its form does the work.
import { icon } from './icons.js'
import { warn } from './say.js'
import { UploadTray } from './upload-tray.js'
import { counted, isFolder } from './upload-kinds.js'
import { plural } from './words.js'

class FileUpload extends HTMLElement {
  connectedCallback() {
    if (this.tray) return
    this.form = this.querySelector('form')
    this.picker = this.form.querySelector('input[type=file]')
    this.tray = new UploadTray(this)
    this.addEventListener('click', (event) => {
      if (event.target.closest('[data-open]')) this.pick(event)
    })
    this.picker.addEventListener('change', () => {
      this.take([...this.picker.files])
      this.picker.value = ''
    })
    this.stop = new AbortController()
    const listen = (type, act) => addEventListener(type, act, { capture: true, signal: this.stop.signal })
    listen('click', (event) => event.target.closest?.('a[data-upload]') && this.pick(event))
    listen('dragenter', (event) => this.over(event))
    listen('dragover', (event) => this.over(event))
    listen('dragleave', (event) => event.relatedTarget === null && this.uncover())
    listen('drop', (event) => this.drop(event))
    listen('paste', (event) => this.paste(event))
    listen('beforeunload', (event) => this.tray.busy() && event.preventDefault())
  }

  disconnectedCallback() {
    this.uncover()
    this.stop?.abort()
    this.tray = null
  }

  pick(event) {
    event.preventDefault()
    this.picker.click()
  }

  // over covers the page while files are above it. A browser tells only their
  // number and kinds until they are dropped.
  over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.stopPropagation()
    event.dataTransfer.dropEffect = 'copy'
    if (this.veil) return
    this.veil = this.part('veil')
    const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file')
    if (items.length > 0) this.veil.querySelector('[data-count]').textContent = plural(items.length, 'file')
    const kinds = this.veil.querySelector('[data-kinds]')
    for (const { kind, words } of counted(items.map((item) => item.type))) {
      const chip = document.createElement('li')
      chip.className = 'veil-kind'
      chip.append(icon(kind.icon), words)
      kinds.append(chip)
    }
    document.body.append(this.veil)
  }

  uncover() {
    this.veil?.remove()
    this.veil = null
  }

  drop(event) {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.stopPropagation()
    this.uncover()
    const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file')
    const folders = new Set(items.filter(isFolder).map((item) => item.getAsFile()?.name))
    this.take([...event.dataTransfer.files], folders)
  }

  // paste takes files, but leaves text to the field it is meant for: a copied
  // table comes as text and as a picture of itself.
  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    const into = event.composedPath()[0]
    const typing = into instanceof Element && into.closest('input, textarea, [contenteditable]')
    if (typing && event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    event.stopPropagation()
    this.take(files)
  }

  take(files, folders = new Set()) {
    this.querySelector('details').open = false
    if (files.length > 500) {
      warn('More than 500 files at once are not taken. Put them in a zip first.')
      return
    }
    for (const file of files) this.tray.add(file, folders.has(file.name))
  }

  // part makes one of the pieces that the templates hold.
  part(name) {
    return this.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  }
}

customElements.define('file-upload', FileUpload)
