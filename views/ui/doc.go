// Package ui holds the atoms every page is made of: icons, the expiry clock,
// file names, badges, meters, buttons to copy, times.
//
// Its words: a Clock is what is left of a file and how that looks; a Tone is
// what a badge's colour says; a Name is a file name in two parts that a narrow
// place may shorten in its middle.
//
// Invariants: no inline script, style or event handler; colour never says
// anything alone, a word or a sign says it too; user text is always escaped.
// Whole panels and pages belong in views.
package ui
