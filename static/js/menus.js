// Menus are <details>: they close when something else is pressed, on Escape
// and after a choice, and open upwards where there is no room below.
const folds = 'details.menu, details.upload-fold'

function closeAll(except) {
  for (const open of document.querySelectorAll(`:is(${folds})[open]`)) {
    if (open !== except) open.open = false
  }
}

document.addEventListener('click', (event) => {
  closeAll(event.target.closest(folds))
  const item = event.target.closest('.menu-item')
  if (item) {
    const menu = item.closest(folds)
    setTimeout(() => (menu.open = false), item.closest('copy-button') ? 700 : 0)
  }
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  const open = event.target.closest?.(`:is(${folds})[open]`) ?? document.querySelector(`:is(${folds})[open]`)
  if (!open) return
  event.preventDefault()
  open.open = false
  open.querySelector('summary').focus()
})

// toggle does not bubble, but it can be caught on its way down.
document.addEventListener('toggle', (event) => {
  const list = event.target.matches?.('details.menu[open]') && event.target.querySelector('.menu-list')
  if (!list) return
  list.classList.remove('menu-up', 'menu-start')
  const box = list.getBoundingClientRect()
  list.classList.toggle('menu-up', box.bottom > innerHeight - 8 && box.top > box.height + 48)
  list.classList.toggle('menu-start', box.left < 8)
}, true)
