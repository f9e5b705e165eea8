// The icons that script itself puts on a page, drawn as views/ui/atoms.templ
// draws them.
import audio from 'lucide-static/icons/audio-lines.svg'
import braces from 'lucide-static/icons/braces.svg'
import check from 'lucide-static/icons/check.svg'
import alert from 'lucide-static/icons/circle-alert.svg'
import archive from 'lucide-static/icons/file-archive.svg'
import turning from 'lucide-static/icons/refresh-cw.svg'
import code from 'lucide-static/icons/file-code.svg'
import text from 'lucide-static/icons/file-text.svg'
import file from 'lucide-static/icons/file.svg'
import film from 'lucide-static/icons/film.svg'
import picture from 'lucide-static/icons/image.svg'
import search from 'lucide-static/icons/search.svg'
import table from 'lucide-static/icons/table-2.svg'
import close from 'lucide-static/icons/x.svg'

const drawings = { audio, braces, alert, archive, check, turning, code, text, file, film, picture, search, table, close }

export function icon(name) {
  const svg = new DOMParser().parseFromString(drawings[name], 'image/svg+xml').documentElement
  for (const [key, value] of Object.entries({ class: 'icon', width: 16, height: 16, 'stroke-width': 1.75, 'aria-hidden': true })) {
    svg.setAttribute(key, value)
  }
  return document.importNode(svg, true)
}
