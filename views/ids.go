package views

import "strconv"

// DOM ids of the swap targets. Runs are named by their whole id, a
// base32 word, safe in a selector after a letter.

const (
	runBarID      = "run-bar"
	quickResultID = "quick-result"
	fileListID    = "file-list"
	toastsID      = "toasts"
	announcerID   = "announcer"
	runningID     = "running"
	warmingID     = "warming"
	expiringID    = "expiring"
	recentID      = "recent"
	spaceID       = "space"
	railSpaceID   = "rail-space"
	booksID       = "books"
	quickOpenID   = "quick-open"
	runListID     = "run-list"

	uploadID    = "upload"     // the upload's form, which links may point at
	filterID    = "filter"     // the form above the list of files
	searchID    = "filter-q"   // its field for a name
	selectionID = "selection"  // the form that ticked files belong to
	runFilterID = "run-filter" // the form above the list of runs
	runSearchID = "run-q"      // its field for code
)

func runLiveID(run string) string    { return "run-" + run + "-live" }
func runStatusID(run string) string  { return "run-" + run + "-status" }
func runOutputsID(run string) string { return "run-" + run + "-outputs" }
func runFilesID(run string) string   { return "run-" + run + "-files" }
func runBodyID(run string) string    { return "run-" + run + "-body" }

// runLinkID names the link to a run's page, so that a morph of its line keeps it
// under a pointer that is just pressing it.
func runLinkID(run string) string { return "run-" + run + "-link" }

// outputFrameID names the frame of one output, so that a morph leaves it alone.
func outputFrameID(run string, seq int) string { return "out-" + run + "-" + strconv.Itoa(seq) }

// tableID names a table that a run showed, whose pages can be turned.
func tableID(run string, seq int) string { return "table-" + run + "-" + strconv.Itoa(seq) }

// figureWordsID names the field for what a figure shows.
func figureWordsID(run string, seq int) string { return "words-" + run + "-" + strconv.Itoa(seq) }

func runQuestionID(run string) string { return "run-" + run + "-question" }

// fileRowID names a row by its file, so that a morph of the list keeps each
// tick on its own file.
func fileRowID(file string) string { return "file-" + file }

// The parts of a notebook's page.
const (
	notebookHeadID   = "notebook-head"
	notebookLiveID   = "notebook-live"
	notebookSeenID   = "notebook-seen"
	notebookFilesID  = "notebook-files"
	notebookKernelID = "notebook-kernel"
	notebookBinID    = "notebook-bin"
	cellsID          = "cells"
	cellOrderID      = "cell-order"
	saveStateID      = "save-state"
)

func cellID(cell string) string        { return "cell-" + cell }
func cellRunID(cell string) string     { return cellID(cell) + "-run" }
func cellCodeID(cell string) string    { return cellID(cell) + "-code" }
func cellVersionID(cell string) string { return cellID(cell) + "-version" }
func cellProseID(cell string) string   { return cellID(cell) + "-prose" }
func cellStripID(cell string) string   { return cellID(cell) + "-strip" }
func cellFoldID(cell string) string    { return cellID(cell) + "-all" }
func cellOutID(cell string) string     { return cellID(cell) + "-out" }

// target is the selector of a DOM id.
func target(id string) string { return "#" + id }
