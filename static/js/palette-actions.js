// What the palette offers of the page itself: its buttons, and the pages there
// are. It presses what is there, so it can do nothing that the page cannot.
const buttons = ['notebook-page [data-do]', '.page-actions :is(button, a)', '[data-run]', '.run-bar button', '.menu-list :is(button, a).menu-item']
const links = ['.rail-link', '.rail-person .menu-item[href]']

export function actions() {
  const rows = new Map()
  for (const node of document.querySelectorAll(links.join())) {
    const name = words(node)
    if (!rows.has(name)) rows.set(name, row('Go to', name, node, node, -1))
  }
  if (!document.querySelector('.page-actions [data-new-notebook]') && document.querySelector('.rail-link[href="/notebooks"]')) {
    rows.set('New notebook', { ...row('Do', 'New notebook', null, null, 0), act: makeNotebook })
  }
  for (const node of document.querySelectorAll(buttons.join())) {
    const cell = node.closest('.cell')
    if (node.disabled || node.closest('[hidden], .palette') || (cell && !('selected' in cell.dataset))) continue
    const name = cell ? `${words(node)}${/\bcell\b/i.test(words(node)) ? '' : ' this cell'}` : words(node)
    if (name && !rows.has(name)) rows.set(name, row('Do', name, node, node, cell ? -2 : 0))
  }
  if (document.querySelector('[data-keys]')) {
    rows.set('Shortcuts', { ...row('Do', 'Shortcuts', null, null, -1), act: () => document.querySelector('[data-keys]').showModal() })
  }
  return [...rows.values()]
}

const words = (node) => (node.getAttribute('aria-label') ?? [...node.childNodes].filter((part) => !part.matches?.('kbd, svg')).map((part) => part.textContent).join(' ')).replace(/\s+/g, ' ').trim()

function row(group, name, from, press, extra) {
  const node = document.createElement('div')
  node.className = 'palette-row'
  node.role = 'option'
  const sign = from?.querySelector('svg')?.cloneNode(true) ?? document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  sign.setAttribute('class', 'icon')
  const label = document.createElement('span')
  label.className = 'palette-name'
  label.append(document.createElement('bdi'))
  node.append(sign, label)
  return { group, name, node, extra, act: () => press.click() }
}

// makeNotebook posts the form that the list of notebooks has.
function makeNotebook() {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/notebooks'
  document.body.append(form)
  form.requestSubmit()
}
