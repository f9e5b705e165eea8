// A notebook's page kept up to date. The server is told with each request what
// the page shows (#notebook-seen), and answers with what differs; the page's one
// stream does the same. What comes too late is left out, and a new order of the
// cells is made here, so that no editor is ever drawn anew.
import htmx from './htmx.js'
import { elapsed, join, leave } from './ticker.js'

const pace = 20000 // without a stream the page asks, while it is shown

const page = () => document.getElementById('notebook')
const seen = () => document.getElementById('notebook-seen')
const connected = (live) => live?._htmx?.sse !== undefined

document.addEventListener('htmx:config:request', (event) => {
  const { ctx } = event.detail
  if (page()?.contains(ctx.sourceElement) || ctx.sourceElement?.closest?.('.toasts')) {
    if (seen()) ctx.request.headers['Mayfly-Seen'] = seen().dataset.cursor
  }
})

const ofPage = (task) => task.target && (task.target === page() || page().contains(task.target))

// settle drops what the page has newer, and makes of a cell that came twice one.
function settle(tasks) {
  const news = tasks.find((task) => task.fragment.querySelector?.('#notebook-seen'))
  if (!news) return
  const at = (node) => Number(node.dataset.at)
  const late = at(news.fragment.querySelector('#notebook-seen')) < at(seen())
  for (const task of tasks) {
    if (late && ofPage(task) && !task.target.matches('[name=version]')) task.target = null
    if (task.target?.id === 'notebook-live' && connected(task.target) && task.fragment.querySelector('[hx-sse\\:connect]')) task.target = null
    if (task.target?.id !== 'cells') continue
    const twin = document.getElementById(task.fragment.firstElementChild?.id)
    if (twin) {
      task.target = twin
      task.swapSpec.style = 'outerMorph'
    }
  }
  for (let i = tasks.length - 1; i >= 0; i--) if (tasks[i].target === null) tasks.splice(i, 1)
}

document.addEventListener('htmx:before:swap', (event) => {
  if (page()) settle(event.detail.tasks)
})

// arrange puts the cells into the order that came, and takes out those that are
// in it no more. The one with the focus stays where it is; the others move.
function arrange(ids) {
  const list = document.getElementById('cells')
  const wanted = new Set(ids)
  for (const cell of [...list.children]) if (!wanted.has(cell.dataset.cell)) takeOut(cell)
  const held = [...list.children].find((cell) => cell.contains(document.activeElement))
  let before = null
  for (let i = ids.length - 1; i >= 0; i--) {
    const cell = document.getElementById(`cell-${ids[i]}`)
    if (!cell) continue
    if (cell.nextElementSibling !== before) {
      if (cell !== held || !moveAround(list, held, before)) list.insertBefore(cell, before)
    }
    before = cell
  }
}

// takeOut removes a cell. One that waits for an answer, as to its own deletion,
// goes when it has that: htmx hears nothing for what is not there any more.
function takeOut(cell) {
  if (!cell.querySelector('.htmx-request, .busy')) return cell.remove()
  cell.hidden = true
  cell.removeAttribute('id')
  document.addEventListener('htmx:finally:request', () => setTimeout(() => cell.remove()), { once: true })
}

// moveAround brings what follows the held cell and is not before its next one to
// its front, instead of moving the cell that somebody types into.
function moveAround(list, held, before) {
  let next = held.nextElementSibling
  while (next && next !== before) {
    const after = next.nextElementSibling
    list.insertBefore(next, held)
    next = after
  }
  return next === before
}

document.addEventListener('htmx:after:swap', () => {
  const name = page()?.querySelector('#notebook-head h1')?.textContent
  if (name) document.title = `${name} · Mayfly`
  const order = seen()?.dataset.order
  if (order === undefined) return
  delete seen().dataset.order
  arrange(order.split(' ').filter(Boolean))
  page().dispatchEvent(new CustomEvent('cells:arranged', { bubbles: true }))
})

// The pages of a table are turned in its place. It stands amid what a run said,
// where htmx looks at nothing; what a run said has no such class.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('.table-turn a[data-turn]')
  if (!link || !page()?.contains(link) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  htmx.ajax('GET', link.href, { source: page(), swap: 'none' })
})

// Without a stream the page asks now and then, and when it is seen again.
function ask() {
  const live = document.getElementById('notebook-live')
  if (!page() || document.hidden || connected(live)) return
  page().dispatchEvent(new CustomEvent('notebook:ask'))
}
setInterval(ask, pace)
document.addEventListener('visibilitychange', ask)
addEventListener('focus', ask)
document.addEventListener('cell:saved', ask) // what fits its text may be another

// The stream was asked for by a page that did not say what it shows.
document.addEventListener('reload', (event) => {
  if (event.target.id === 'notebook-live') location.reload()
})

// <kernel-clock>: how long the interpreter is kept yet.
class KernelClock extends HTMLElement {
  static observedAttributes = ['data-left']

  connectedCallback() {
    this.read()
    join(this, 1000)
  }

  disconnectedCallback() {
    leave(this)
  }

  attributeChangedCallback() {
    if (this.isConnected) this.read()
  }

  read() {
    this.until = elapsed() + Number(this.dataset.left)
    this.tick()
  }

  tick() {
    const left = Math.max(0, Math.trunc((this.until - elapsed()) / 1000))
    const two = (n) => String(n).padStart(2, '0')
    this.textContent = left < 60 ? `${left}s` : left < 3600 ? `${Math.trunc(left / 60)}m ${two(left % 60)}s` : `${Math.trunc(left / 3600)}h ${two(Math.trunc(left / 60) % 60)}m`
  }
}

customElements.define('kernel-clock', KernelClock)
