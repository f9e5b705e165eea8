// htmx with its event streams. It takes its settings from the page's
// <meta name="htmx-config">; what only script can know is set here.
import htmx from 'htmx.org'
import 'htmx.org/dist/ext/hx-sse.js'

// A menu that somebody opened stays open while the piece around it is morphed:
// the server never sends one open. Nor does it know which cell is selected, or far.
htmx.config.morphIgnore.push('open', 'data-selected', 'data-dragged', 'data-far')

// A lost stream is asked for again, at first soon, then each 15 s.
htmx.config.sse = { reconnectDelay: 500, reconnectMaxDelay: 15000 }

export default htmx
