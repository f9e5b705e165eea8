// Package math draws the formulas of Markdown: from TeX, as people write it between
// dollars, to MathML, which browsers draw by themselves.
//
// A formula is inline ($…$) or a display ($$…$$). Every byte is hostile: length,
// nesting, expansions, number and time are bounded, and what cannot be drawn is
// shown as it was written, with the reason. The MathML is not safe by itself: it
// goes through the list of what is allowed in views. The translation is Temml's,
// which runs in an interpreter of JavaScript without any way out (decision 0043).
//
// What does not belong here: HTML of anything else, and what Markdown is.
package math
