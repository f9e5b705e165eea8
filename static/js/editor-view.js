// CodeMirror as Mayfly sets it up: Python, quiet, and with the colours and
// measures of the rest of the page, which reach it as CSS variables.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { python, pythonLanguage } from '@codemirror/lang-python'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { crosshairCursor, drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder, rectangularSelection } from '@codemirror/view'
import { colours, look } from './editor-look.js'

// What every run has besides Python's own names.
const given = [
  { label: 'load_file', type: 'function', detail: '(name or id)', info: 'Reads one of your files: a DataFrame, text, an image, whatever suits its type.' },
  { label: 'get_file_path', type: 'function', detail: '(name or id)', info: 'The path of one of your files.' },
  { label: 'list_files', type: 'function', detail: '()', info: 'Your files that still live.' },
]

function completeOwn(context) {
  const word = context.matchBefore(/\w+/)
  if (!word || context.matchBefore(/\.\w*/)) return null
  return { from: word.from, options: given, validFor: /^\w*$/ }
}

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

// Ctrl or Cmd with Enter belongs to the page: it runs.
const keys = [
  ...closeBracketsKeymap,
  ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'),
  ...searchKeymap,
  ...historyKeymap,
  ...completionKeymap,
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
  lineNumbers(),
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
  python(),
  pythonLanguage.data.of({ autocomplete: completeOwn }),
  syntaxHighlighting(colours),
  look,
  keymap.of(keys),
  EditorView.domEventHandlers({ beforeinput: replace }),
]

// Who cannot see that Tab indents must not be caught in the field.
const wayOut = 'Tab indents. Press Escape, then Tab, to leave.'

// mount puts an editor into a shadow root. words are its label and its hint
// while it is empty. changed gets the whole text each time it became another.
export function mount(root, text, words, changed) {
  const own = [
    EditorView.contentAttributes.of({ 'aria-label': words.label, 'aria-description': wayOut, tabindex: '0' }),
    placeholder(words.hint),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString())
    }),
  ]
  const state = EditorState.create({ doc: text, extensions: [abilities, own] })
  return new EditorView({ state, parent: root, root })
}
