// A ready cell goes below the cell that was looked at last; without script, and
// where none was, at the end.
let last = null

addEventListener('focusin', (event) => {
  last = event.target.closest?.('#cells > .cell')?.id ?? last
})

addEventListener('submit', (event) => {
  const form = event.target
  if (!form.matches?.('form.ready-cell')) return
  const cells = [...document.querySelectorAll('#cells > .cell')]
  const at = cells.findIndex((cell) => cell.id === last)
  let place = form.querySelector('input[name=place]')
  if (at < 0) {
    place?.remove()
    return
  }
  if (!place) {
    place = document.createElement('input')
    place.type = 'hidden'
    place.name = 'place'
    form.append(place)
  }
  place.value = String(at + 2)
}, true)
