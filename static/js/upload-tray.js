// The tray of <file-upload>: a row for each file, two on their way at a time.
import { kindOf } from './upload-kinds.js'
import { icon } from './icons.js'
import { announce } from './say.js'
import { send } from './upload-send.js'
import { plural, size, splitName } from './words.js'
import { shortTime } from './times.js'

const atOnce = 2
const shown = 6000 // milliseconds that a list stays in which every file was kept

export class UploadTray {
  rows = []

  constructor(upload) {
    this.upload = upload
    this.fileMax = Number(upload.dataset.fileMax)
    this.lifetime = Number(upload.dataset.lifetime)
  }

  busy() {
    return this.rows.some((row) => row.state === 'going' || row.state === 'waiting')
  }

  // add puts a file into the tray, refused at once where that is known.
  add(file, folder) {
    if (!this.box?.isConnected) this.open()
    const row = { file, node: this.upload.part('row') }
    const [head, tail] = splitName(file.name)
    row.node.querySelector('[data-name]').title = file.name
    row.node.querySelector('.name-head').textContent = head
    row.node.querySelector('.name-tail').textContent = tail
    row.node.querySelector('svg').replaceWith(icon(kindOf(file.type).icon))
    const button = row.node.querySelector('[data-cancel]')
    button.setAttribute('aria-label', `Remove ${file.name} from the list`)
    button.addEventListener('click', () => this.remove(row))
    this.rows.push(row)
    this.box.querySelector('[data-rows]').append(row.node)
    this.set(row, 'waiting', 'waiting')
    const reason = this.refusal(file, folder)
    if (reason) this.refuse(row, reason)
    this.next()
  }

  // refusal is known without sending: the server would say the same later.
  refusal(file, folder) {
    if (folder) return 'a folder. Put it in a zip first.'
    if (this.fileMax && file.size > this.fileMax) return `${size(file.size)}, over ${size(this.fileMax)} a file.`
    const waiting = this.rows.filter((row) => row.file !== file && (row.state === 'waiting' || row.state === 'going'))
    const promised = waiting.reduce((total, row) => total + row.file.size, 0)
    const free = Number(this.upload.dataset.free) - promised
    if (file.size > free) return `${size(file.size)}, and ${size(Math.max(0, free))} of your space is free.`
    return ''
  }

  open() {
    this.rows = []
    this.box = this.upload.part('tray')
    this.box.querySelector('[data-close]').addEventListener('click', () => this.close())
    document.body.append(this.box)
  }

  // close puts the list away; files that are on their way go on.
  close() {
    if (this.busy()) this.box.hidden = true
    else this.box.remove()
  }

  remove(row) {
    row.cancel?.()
    row.node.remove()
    this.rows = this.rows.filter((each) => each !== row)
    this.title()
    this.next()
    if (this.rows.length === 0) this.box.remove()
  }

  next() {
    const going = this.rows.filter((row) => row.state === 'going').length
    const waiting = this.rows.filter((row) => row.state === 'waiting')
    for (const row of waiting.slice(0, Math.max(0, atOnce - going))) this.start(row)
    if (!this.busy() && this.sending) this.finish()
  }

  start(row) {
    this.sending = true
    this.set(row, 'going', 'starting')
    const began = performance.now()
    row.cancel = send(this.upload.form.action, row.file, {
      progress: (sent) => this.progress(row, sent, performance.now() - began),
      kept: () => this.keep(row),
      refused: (reason) => this.refuse(row, reason),
    })
  }

  progress(row, sent, took) {
    const total = row.file.size
    row.node.querySelector('[data-bar]').value = total ? (100 * sent) / total : 100
    const left = sent > 0 ? ((total - sent) * took) / sent / 1000 : 0
    const rest = sent >= total ? 'checking' : left >= 1 ? `${Math.ceil(left)} s left` : 'a moment left'
    this.set(row, 'going', `${size(sent)} of ${size(total)} · ${rest}`)
  }

  keep(row) {
    this.upload.dataset.free = Number(this.upload.dataset.free) - row.file.size
    this.set(row, 'kept', `kept until ${shortTime(new Date(Date.now() + this.lifetime))}`)
    this.next()
  }

  refuse(row, reason) {
    this.set(row, 'refused', `Not kept: ${reason}`)
    this.next()
  }

  set(row, state, note) {
    row.state = state
    row.node.dataset.state = state
    row.node.querySelector('[data-note]').textContent = note
    this.title()
  }

  title() {
    const count = (state) => this.rows.filter((row) => row.state === state).length
    const refused = count('refused')
    const ended = `${count('kept')} kept` + (refused ? `, ${refused} not kept` : '')
    const words = this.busy() ? `Uploading ${count('kept') + refused + count('going')} of ${this.rows.length}` : ended
    const place = this.box.querySelector('[data-title]')
    if (place.textContent !== words) place.textContent = words
  }

  finish() {
    this.sending = false
    this.box.hidden = false
    const kept = this.rows.filter((row) => row.state === 'kept').length
    const refused = this.rows.length - kept
    announce(`${plural(kept, 'file')} kept${refused ? `, ${refused} not kept` : ''}.`)
    document.body.dispatchEvent(new CustomEvent('files-changed', { bubbles: true }))
    if (refused === 0) this.goSoon()
  }

  // goSoon puts the list away by itself, as a message goes: the files stand where
  // they belong. Not while somebody is at it, or more has come.
  goSoon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      if (this.busy() || this.rows.some((row) => row.state === 'refused')) return
      if (document.hidden || this.box.matches(':hover, :focus-within')) this.goSoon()
      else this.close()
    }, shown)
  }
}
