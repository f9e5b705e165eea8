// How the editor looks: the measures of looks of code everywhere (css/code.css).
import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

const colour = (name) => `var(--color-${name})`

export const colours = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.bool, t.null, t.self], color: colour('code-keyword') },
  { tag: [t.string, t.special(t.string), t.docString, t.character], color: colour('code-string') },
  { tag: [t.number], color: colour('code-number') },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.function(t.definition(t.variableName)), t.className, t.definition(t.className), t.meta], color: colour('code-function') },
  { tag: t.comment, color: colour('code-comment') },
  { tag: t.heading, fontWeight: '600' },
  { tag: t.strong, fontWeight: '600' },
  { tag: t.emphasis, fontStyle: 'italic' },
  { tag: t.strikethrough, textDecoration: 'line-through' },
  { tag: [t.link, t.url], color: colour('primary') },
  { tag: t.monospace, color: colour('code-string') },
  { tag: [t.processingInstruction, t.contentSeparator], color: colour('code-comment') },
  { tag: t.invalid, color: colour('error') },
])

const field = {
  height: '28px',
  margin: '0 6px 0 0',
  padding: '0 8px',
  border: `1px solid ${colour('field')}`,
  borderRadius: '6px',
  background: colour('base-100'),
  color: 'inherit',
  font: 'inherit',
}

const button = {
  ...field,
  borderColor: colour('edge'),
  backgroundImage: 'none',
  fontWeight: '500',
  cursor: 'pointer',
}

const popup = {
  border: `1px solid ${colour('edge')}`,
  borderRadius: '8px',
  background: colour('base-100'),
  color: colour('base-content'),
  boxShadow: 'var(--shadow-overlay)',
}

// A form's editor has a height of its own and scrolls; a cell's is as high as
// its text, which stands exactly where the still text stood (editor-still.js).
export const formLook = EditorView.theme({
  '&': { minHeight: '124px', maxHeight: '60dvh' },
  '.cm-content': { padding: '12px 0', minHeight: '124px' },
  '.cm-content .cm-line': { padding: '0 16px 0 8px' },
})

export const cellLook = EditorView.theme({
  '.cm-content': { padding: '10px 0' },
  '.cm-scroller': { scrollbarWidth: 'thin' },
})

export const look = EditorView.theme({
  '&': { color: colour('base-content'), backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', fontSize: '0.8125rem', lineHeight: '1.25rem', fontVariantLigatures: 'none', overflow: 'auto' },
  '.cm-content': { caretColor: colour('base-content') },
  '.cm-line': { padding: '0 16px' },
  '.cm-gutters': { border: '0', backgroundColor: colour('base-200'), color: colour('code-comment') },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '44px', padding: '0 8px' },
  '.cm-placeholder': { color: colour('muted') },
  '.cm-cursor': { borderLeftColor: colour('base-content'), borderLeftWidth: '1.5px' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: `color-mix(in srgb, ${colour('primary')} 22%, transparent)`,
  },
  '.cm-selectionMatch': { backgroundColor: `color-mix(in srgb, ${colour('primary')} 12%, transparent)` },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: `color-mix(in srgb, ${colour('primary')} 18%, transparent)`, outline: `1px solid ${colour('edge')}` },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: colour('error-soft'), color: colour('error') },
  '.cm-wrongLine': { backgroundColor: colour('error-soft'), boxShadow: `inset 3px 0 0 ${colour('error')}` },
  '.cm-searchMatch': { backgroundColor: `color-mix(in srgb, ${colour('accent')} 26%, transparent)` },
  '.cm-searchMatch-selected': { backgroundColor: `color-mix(in srgb, ${colour('accent')} 52%, transparent)` },
  '.cm-panels': { backgroundColor: colour('base-200'), color: colour('base-content'), fontFamily: 'var(--font-sans)', zIndex: '1' }, // below the cell's tools
  '.cm-panels-top': { margin: '2px 2px 0', borderRadius: '6px 6px 0 0', borderBottom: `1px solid ${colour('base-300')}` },
  '.cm-panel.cm-search': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '6px 0', padding: '8px 40px 8px 16px', fontSize: '0.8125rem' },
  '.cm-panel.cm-search br': { flexBasis: '100%', content: '""', display: 'block' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', margin: '0 8px 0 0', fontSize: '0.8125rem' },
  '.cm-panel.cm-search input[type=checkbox]': { accentColor: colour('primary'), margin: '0' },
  '.cm-panel.cm-search [name=close]': { top: '8px', right: '8px', width: '28px', height: '28px', fontSize: '1.125rem', color: colour('muted'), cursor: 'pointer' },
  '.cm-textfield': { ...field, width: '176px' },
  '.cm-button': button,
  '.cm-button:hover': { background: colour('base-200') },
  ':is(.cm-textfield, .cm-button, [name=close]):focus-visible': { outline: `2px solid ${colour('primary')}`, outlineOffset: '2px' },
  '.cm-tooltip': popup,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '0.8125rem', padding: '4px', maxHeight: '14em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: '4px', lineHeight: '1.125rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: colour('primary-soft'), color: colour('base-content') },
  '.cm-completionMatchedText': { textDecoration: 'none', color: colour('primary'), fontWeight: '600' },
  '.cm-completionDetail': { color: colour('muted'), fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: '280px', fontFamily: 'var(--font-sans)', fontSize: '0.8125rem' },
})
