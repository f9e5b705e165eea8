// Package exchange turns notebooks into files of other programs and back: the
// .ipynb of Jupyter (nbformat 4) and .py scripts in the percent format, which
// Jupytext, VS Code, Spyder and PyCharm read.
//
// Words: facts are what a file says that Mayfly has no place for (metadata,
// attachments, that a cell is raw). They are kept with the notebook as they
// came and given back when it is exported.
//
// Invariants: a file is hostile, and whatever it holds ends in a notebook or in
// an error that says where and what; what is written is valid nbformat 4.5
// whatever was read; nothing here runs, renders or fetches anything.
//
// Does not belong here: rows (models), bytes of files (storage), how outputs are
// shown (views).
package exchange
