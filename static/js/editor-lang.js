// The two languages of editors. Markdown is CommonMark with GitHub's additions
// and no HTML inside, whose grammars would be half a bundle more.
import { deleteMarkupBackward, insertNewlineContinueMarkupCommand, markdownLanguage } from '@codemirror/lang-markdown'
import { python, pythonLanguage } from '@codemirror/lang-python'
import { LanguageSupport } from '@codemirror/language'
import { EditorView, keymap } from '@codemirror/view'

// Enter in an empty item leaves the list, also in its second one, where the
// library would put a blank line before it and go on.
const markdownKeys = [
  { key: 'Enter', run: insertNewlineContinueMarkupCommand({ nonTightLists: false }) },
  { key: 'Backspace', run: deleteMarkupBackward },
]

const markdown = () => [
  new LanguageSupport(markdownLanguage),
  markdownLanguage.data.of({ closeBrackets: { brackets: ['(', '[', '{', '`'] } }),
  keymap.of(markdownKeys),
  EditorView.lineWrapping,
]

const languages = { python: { support: python, parser: pythonLanguage.parser }, markdown: { support: markdown, parser: markdownLanguage.parser } }

export const languageOf = (name) => languages[name] ?? languages.python
