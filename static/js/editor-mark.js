// The line at which a run failed: marked until it is changed, or told anew.
import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView } from '@codemirror/view'

const tell = StateEffect.define()
const wrong = Decoration.line({ class: 'cm-wrongLine' })

const field = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) {
      if (effect.is(tell)) return lineMark(change.state, effect.value)
    }
    if (!change.docChanged || marks.size === 0) return marks
    const at = marks.iter().from
    const line = change.startState.doc.lineAt(at)
    return change.changes.touchesRange(line.from, line.to) ? Decoration.none : marks.map(change.changes)
  },
  provide: (self) => EditorView.decorations.from(self),
})

function lineMark(state, number) {
  if (!(number >= 1 && number <= state.doc.lines)) return Decoration.none
  return Decoration.set(wrong.range(state.doc.line(number).from))
}

export const wrongLine = field

// markLine makes the change that marks a line, or none for 0.
export const markLine = (number) => ({ effects: tell.of(number) })
