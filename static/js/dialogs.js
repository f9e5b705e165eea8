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
  const page = new DOMParser().parseFromString(html, 'text/html')
  dialog.setAttribute('aria-labelledby', page.querySelector('h1').id)
  dialog.append(...page.body.children)
  if (!dialog.querySelector('[data-close]')) dialog.append(closeBar())
  ;(document.querySelector('notebook-page') ?? document.body).append(dialog) // within: what its forms bring is the page's
  dialog.addEventListener('click', (event) => {
    const leave = event.target.closest('[data-close]')
    if (leave) event.preventDefault()
    if (leave || event.target === dialog) dialog.close()
  })
  const answered = ({ detail }) => detail.ctx.sourceElement?.closest?.('[data-closes]') && dialog.contains(detail.ctx.sourceElement) && dialog.close()
  document.addEventListener('htmx:finally:request', answered)
  const menu = link.closest('details.menu')
  const back = link.contains(document.activeElement) || menu?.open ? (menu?.querySelector('summary') ?? link) : document.activeElement
  dialog.addEventListener('close', () => {
    document.removeEventListener('htmx:finally:request', answered)
    dialog.remove()
    const again = back.isConnected ? back : document.querySelector(`[data-do="${link.dataset.do}"]`)
    again?.focus()
  })
  htmx.process(dialog)
  dialog.showModal()
}

function closeBar() {
  const bar = document.createElement('form')
  bar.method = 'dialog'
  bar.className = 'dialog-bar'
  const close = document.createElement('button')
  close.className = 'button button-small'
  close.textContent = 'Close'
  bar.append(close)
  return bar
}
