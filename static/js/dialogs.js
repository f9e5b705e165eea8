// A link with data-dialog opens its page as a dialog. Without script, and where
// that fails, it leads to the page.
import htmx from './htmx.js'

document.addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[data-dialog]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  try {
    const answer = await fetch(link.href, { headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } })
    if (!answer.ok) throw new Error(String(answer.status))
    open(await answer.text(), link)
  } catch {
    location.assign(link.href)
  }
})

function open(html, link) {
  const dialog = document.createElement('dialog')
  dialog.className = 'dialog'
  dialog.setAttribute('aria-labelledby', 'share-head')
  const bar = document.createElement('form')
  bar.method = 'dialog'
  bar.className = 'dialog-bar'
  const close = document.createElement('button')
  close.className = 'button button-small'
  close.textContent = 'Close'
  bar.append(close)
  const page = new DOMParser().parseFromString(html, 'text/html')
  dialog.append(...page.body.children, bar)
  document.body.append(dialog)
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    const menu = link.closest('details.menu')
    ;(menu?.querySelector('summary') ?? link).focus()
  })
  htmx.process(dialog)
  dialog.showModal()
}
