// CodeMirror as Mayfly sets it up: quiet, and with the colours and measures of
// the rest of the page, which reach it as CSS variables.
import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { pythonLanguage } from '@codemirror/lang-python'
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search'
import { Annotation, EditorState, Prec } from '@codemirror/state'
import { crosshairCursor, drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder, rectangularSelection } from '@codemirror/view'
import { escapeLeaves, sources, tabCompletes } from './editor-complete.js'
import { languageOf } from './editor-lang.js'
import { cellLook, colours, formLook, look } from './editor-look.js'
import { wrongLine } from './editor-mark.js'

const phrases = {
  next: 'Next',
  previous: 'Previous',
  all: 'All',
  'match case': 'Match case',
  regexp: 'Regexp',
  'by word': 'Whole word',
  replace: 'Replace',
  'replace all': 'Replace all',
}

// find puts away what was offered: it would lie over what is found.
function find(view) {
  closeCompletion(view)
  return openSearchPanel(view)
}

// Ctrl or Cmd with Enter belongs to the page: it runs.
const keys = [
  ...closeBracketsKeymap,
  ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'),
  { key: 'Mod-f', run: find },
  ...searchKeymap,
  ...historyKeymap,
  ...completionKeymap,
  tabCompletes,
  indentWithTab, // Escape and then Tab leaves: CodeMirror sees to it
]

// replace types over a selection before the browser does. Chrome would keep the
// look of what it deletes in a style attribute, which the policy blocks loudly.
function replace(event, view) {
  const { from, to } = view.state.selection.main
  const text = event.data
  if (event.inputType !== 'insertText' || !text || from === to || event.isComposing) return false
  const plain = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
  const handled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, plain))
  if (!handled) view.dispatch(plain())
  event.preventDefault()
  return true
}

// What an editor can do, whoever it is for.
const abilities = [
  highlightSpecialChars(),
  history(),
  drawSelection(),
  EditorState.allowMultipleSelections.of(true),
  rectangularSelection(),
  crosshairCursor(),
  indentUnit.of('    '),
  EditorState.tabSize.of(4),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }),
  highlightSelectionMatches(),
  search({ top: true }),
  EditorState.phrases.of(phrases),
  syntaxHighlighting(colours),
  wrongLine,
  look,
  EditorView.domEventHandlers({ beforeinput: replace }),
]

// Who cannot see that Tab indents must not be caught in the field.
const wayOut = 'Tab indents. Press Escape, then Tab, to leave.'

// told marks a change that somebody else made: nobody typed it here.
export const told = Annotation.define()

// edge tells of an arrow that would go past the first or the last row, of which
// a long line may have several.
const edge = (key, way, leave) => ({
  key,
  run(view) {
    const { main, ranges } = view.state.selection
    if (ranges.length > 1 || !main.empty) return false
    const end = way < 0 ? 0 : view.state.doc.length
    const here = view.coordsAtPos(main.head)
    const there = view.coordsAtPos(end)
    return Boolean(here && there) && Math.abs(here.top - there.top) < 4 && leave(way)
  },
})

// begin makes the state of an editor: its text, what it is called, and what it
// tells of. words are { hint, lang, cell }; on is { label(), change(theirs),
// leave(way), helper() }. It is kept while the editor is away.
export function begin(text, words, on) {
  const own = [
    Prec.highest(keymap.of([escapeLeaves])),
    languageOf(words.lang).support(),
    words.lang === 'markdown' ? [] : sources(on.helper).map((autocomplete) => pythonLanguage.data.of({ autocomplete })),
    words.cell ? [cellLook, keymap.of([edge('ArrowUp', -1, on.leave), edge('ArrowDown', 1, on.leave)])] : [lineNumbers(), formLook],
    EditorView.contentAttributes.of(() => ({ 'aria-label': on.label(), 'aria-description': wayOut, tabindex: '0' })),
    placeholder(words.hint),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) on.change(update.transactions.some((t) => t.annotation(told)))
    }),
  ]
  return EditorState.create({ doc: text, extensions: [own, keymap.of(keys), abilities] })
}

// mount shows a state in a shadow root, before what stands there.
export function mount(root, state) {
  const view = new EditorView({ state, root })
  root.prepend(view.dom)
  return view
}

// difference is the one change that makes one text of another, as small as it
// may be, so that cursors outside of it stay where they are.
export function difference(before, after) {
  let from = 0
  const least = Math.min(before.length, after.length)
  while (from < least && before.charCodeAt(from) === after.charCodeAt(from)) from++
  let end = 0
  while (end < least - from && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) }
}
