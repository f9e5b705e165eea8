// How a cell looks whose editor is not there: its text, coloured and measured
// as the editor would show it, but only text.
import { highlightCode } from '@lezer/highlight'
import { colours } from './editor-look.js'
import { languageOf } from './editor-lang.js'

// More than this, in characters, is shown without colours: nobody is to wait
// for text that only flies past.
const most = 50_000

const sheet = new CSSStyleSheet()
sheet.replaceSync(`${colours.module.getRules()}
.still {
  box-sizing: border-box;
  margin: 0;
  padding: 10px 16px;
  overflow: auto hidden;
  scrollbar-width: thin;
  font: 0.8125rem/1.25rem var(--font-mono);
  font-variant-ligatures: none;
  tab-size: 4;
  white-space: pre;
  color: var(--color-base-content);
  outline: none;
  cursor: text;
}
.still[data-lang=markdown] { white-space: break-spaces; overflow-wrap: anywhere; }
.still .hint { color: var(--color-muted); }
.still .wrong { background: var(--color-error-soft); box-shadow: -16px 0 0 var(--color-error-soft); }`)

// still makes the text. Its last line has height though nothing may stand in it.
export function still(text, { lang, label, hint }) {
  const node = document.createElement('pre')
  node.className = 'still'
  node.dataset.lang = lang
  node.tabIndex = 0
  node.role = 'textbox'
  node.ariaMultiLine = 'true'
  node.ariaLabel = label
  if (text === '') node.append(span(hint, 'hint'), '\n')
  else if (text.length > most) node.append(text, '\n')
  else colour(node, text, lang)
  return node
}

function colour(node, text, lang) {
  const put = (chunk, classes) => node.append(classes ? span(chunk, classes) : chunk)
  highlightCode(text, languageOf(lang).parser.parse(text), colours, put, () => node.append('\n'))
  node.append('\n')
}

function span(text, className) {
  const node = document.createElement('span')
  node.className = className
  node.textContent = text
  return node
}

// dress gives a shadow root what stills are styled with.
export function dress(root) {
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
