// What an editor offers while somebody types: what every run has, names that
// stand in the notebook, and what the live kernel knows.
import { acceptCompletion, closeCompletion, completionStatus, ifNotIn, startCompletion } from '@codemirror/autocomplete'

// What every run has besides Python's own names.
const given = [
  { label: 'load_file', type: 'function', detail: '(name or id)', info: 'Reads one of your files: a DataFrame, text, an image, whatever suits its type.' },
  { label: 'get_file_path', type: 'function', detail: '(name or id)', info: 'The path of one of your files.' },
  { label: 'list_files', type: 'function', detail: '()', info: 'Your files that still live.' },
]

// Where words are no names.
const prose = ['String', 'FormatString', 'Comment']

// As much of a text, in characters, is searched for names.
const mostText = 200_000

const patience = 5000 // milliseconds that the kernel may take

// sources are the completions of one editor. helper() tells who can help:
// { names(), ask(code, at, signal) }, or nothing.
export function sources(helper) {
  return [ifNotIn(prose, local(helper)), ifNotIn(prose, live(helper))]
}

function local(helper) {
  return (context) => {
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u)
    if (!word || context.matchBefore(/\.\s*[\p{L}\p{N}_]*/u)) return null
    const names = helper()?.names?.(context.state.sliceDoc(0, mostText), word.text) ?? []
    return { from: word.from, options: [...given, ...names.map((label) => ({ label, type: 'variable', boost: -20 }))], validFor: /^[\p{L}\p{N}_]*$/u }
  }
}

// live asks the kernel after a dot, or when asked to. An answer that comes when
// more was typed is not waited for.
function live(helper) {
  return async (context) => {
    const kernel = helper()
    const dotted = context.matchBefore(/\.\s*[\p{L}\p{N}_]*/u)
    if (!kernel?.ask || !(context.explicit || dotted)) return null
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), patience)
    context.addEventListener('abort', () => stop.abort(), { onDocChange: true })
    try {
      const code = context.state.doc.toString()
      const found = await kernel.ask(code, points(code, context.pos), stop.signal)
      if (!found || context.aborted) return null
      if (found.names.length === 0) return null
      const from = units(code, found.start)
      const dot = code[from] === '.' ? 1 : 0 // it stands before each name then
      return { from: from + dot, options: found.names.map((each, i) => option(each, i, dot)), validFor: /^[\p{L}\p{N}_]*$/u }
    } catch {
      return null // no kernel, or no answer in time: the names of the notebook serve
    } finally {
      clearTimeout(timer)
    }
  }
}

const option = ({ name, type }, i, dot) => ({
  label: name.slice(dot && name.startsWith('.') ? 1 : 0),
  detail: type && type !== 'instance' && type !== 'statement' ? type : undefined,
  boost: Math.max(-50, 50 - i),
})

// The server counts code points, a browser UTF-16 units.
const points = (text, units) => [...text.slice(0, units)].length

function units(text, points) {
  let at = 0
  for (; points > 0 && at < text.length; points--) at += text.codePointAt(at) > 0xffff ? 2 : 1
  return at
}

// Tab takes what is offered, asks behind a name or a dot, and else indents.
export const tabCompletes = {
  key: 'Tab',
  run(view) {
    if (completionStatus(view.state) === 'active') {
      // One that has only just come is not taken yet: it would be by chance.
      if (!acceptCompletion(view)) setTimeout(() => acceptCompletion(view), 80)
      return true
    }
    const { main, ranges } = view.state.selection
    if (ranges.length > 1 || !main.empty) return false
    const before = view.state.sliceDoc(Math.max(0, main.head - 2), main.head)
    if (!/([\p{L}\p{N}_]|[\p{L}\p{N}_)\]"']\.)$/u.test(before)) return false
    return startCompletion(view)
  },
}

// Escape leaves the editor at once when what would be offered is only on its way.
export const escapeLeaves = {
  key: 'Escape',
  run(view) {
    if (completionStatus(view.state) === 'pending') closeCompletion(view)
    return false
  },
}
