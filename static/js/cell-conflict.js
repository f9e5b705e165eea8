// The bar in a cell whose text was changed elsewhere while somebody typed here:
// both texts side by side, and three ways out. It stands inside the cell's
// <code-editor>, which no swap touches.
import { icon } from './icons.js'
import { marked } from './lines.js'

// ConflictBar stays until it is removed; choose gets 'mine', 'theirs' or 'both'.
export class ConflictBar {
  constructor(editor, choose) {
    this.editor = editor
    this.box = make('section', { className: 'cell-conflict', slot: 'below', role: 'group', ariaLabel: 'Changed in another tab', tabIndex: -1 })
    const head = make('p', { className: 'cell-conflict-head' })
    head.append(icon('alert'), make('b', { textContent: 'Changed in another tab' }), make('span', { textContent: 'Both texts are kept until you choose.' }))
    this.mine = pane('Yours, here')
    this.theirs = pane('The other one')
    const panes = make('div', { className: 'cell-conflict-panes' })
    panes.append(this.mine.node, this.theirs.node)
    const acts = make('div', { className: 'cell-conflict-acts' })
    acts.append(button('Keep mine', 'mine', true), button('Take theirs', 'theirs'), button('Keep both', 'both'))
    this.box.append(head, panes, acts)
    this.box.addEventListener('click', (event) => {
      const choice = event.target.closest('[data-choice]')?.dataset.choice
      if (choice) choose(choice)
    })
    editor.append(this.box)
  }

  // show draws both texts, with the lines that only one of them has marked.
  show(mine, theirs) {
    const [here, there] = marked(mine, theirs)
    fill(this.mine.text, here)
    fill(this.theirs.text, there)
  }

  focus() {
    this.box.focus()
    this.box.scrollIntoView({ block: 'nearest' })
  }

  remove() {
    this.box.remove()
  }
}

const make = (tag, given) => Object.assign(document.createElement(tag), given)

function button(words, choice, first = false) {
  const node = make('button', { type: 'button', className: first ? 'button button-small button-primary' : 'button button-small', textContent: words })
  node.dataset.choice = choice
  return node
}

function pane(words) {
  const node = make('figure', { className: 'cell-conflict-pane' })
  const text = make('pre', { tabIndex: 0, ariaLabel: words })
  node.append(make('figcaption', { textContent: words }), text)
  return { node, text }
}

function fill(pre, lines) {
  pre.replaceChildren(...lines.map(({ text, own }) => {
    const line = make('span', { className: 'cell-conflict-line', textContent: `${text}\n` })
    if (own) line.dataset.own = ''
    return line
  }))
}
