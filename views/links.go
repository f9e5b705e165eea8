package views

import (
	"net/url"
	"strconv"
)

// Paths that pages link and post to.
const (
	HomePath         = "/"
	RunsPath         = "/runs"
	NotebooksPath    = "/notebooks"
	FilesPath        = "/files"
	HelpPath         = "/docs"
	ZipPath          = "/files.zip"
	DeleteFilesPath  = "/files/delete"       // POST id=…&id=…
	RestoreFilesPath = "/files/restore"      // POST id=…&id=…
	FromRunPath      = "/notebooks/from-run" // POST run=…
	LogoutPath       = "/logout"
	DiscordPath      = "/login/discord"
	LocalPath        = "/login/local"
)

// RunURL is a run's own page.
func RunURL(run string) string { return RunsPath + "/" + run }

// AgainURL takes a POST that runs the same with the same files.
func AgainURL(run string) string { return RunURL(run) + "/again" }

// InterruptURL takes a POST that stops a run or takes it out of the queue.
func InterruptURL(run string) string { return RunURL(run) + "/interrupt" }

// AnswerURL takes a POST with the answer to what a run asks.
func AnswerURL(run string) string { return RunURL(run) + "/answer" }

// LogURL is all that a run printed, as a text file.
func LogURL(run string) string { return RunURL(run) + "/log" }

// AllLinesURL is a run's page with its hidden lines shown.
func AllLinesURL(run string) string { return RunURL(run) + "?lines=all" }

// EditURL is Home with a run's code in the editor.
func EditURL(run string) string { return HomePath + "?from=" + run }

// EventsURL is the stream that keeps a run's fragments up to date.
func EventsURL(run string, place Place) string {
	return RunURL(run) + "/events?place=" + string(place)
}

// OutputURL is one picture of one display output: its sequence number and its
// media type, which ImageType must know.
func OutputURL(run string, seq int, media string) string {
	return Said{Path: RunURL(run)}.address(seq, media)
}

// Said is whose outputs are shown, and how they are reached.
type Said struct {
	Name string // of letters and digits: it stands in DOM ids
	Path string // what "/outputs/{seq}?type=…" is put behind
	All  string // where hidden lines are shown, "" where they are not
	Own  bool   // the reader's own: what stands under figures is theirs to change
}

// saidBy is what a run of the reader's said.
func saidBy(run string) Said {
	return Said{Name: run, Path: RunURL(run), All: AllLinesURL(run), Own: true}
}

func (s Said) address(seq int, media string) string {
	return s.Path + "/outputs/" + strconv.Itoa(seq) + "?type=" + url.QueryEscape(media)
}

// keep takes a POST that makes a file of a figure.
func (s Said) keep(seq int) string { return s.Path + "/outputs/" + strconv.Itoa(seq) + "/keep" }

// describe takes a POST with what a figure shows.
func (s Said) describe(seq int) string {
	return s.Path + "/outputs/" + strconv.Itoa(seq) + "/description"
}

// page is another page of a table that was shown.
func (s Said) page(seq, from, column int) string {
	return s.Path + "/outputs/" + strconv.Itoa(seq) + "/page?from=" + strconv.Itoa(max(0, from)) + "&column=" + strconv.Itoa(max(0, column))
}

// csv is all of it; with shown behind it, what is shown.
func (s Said) csv(seq int) string {
	return s.Path + "/outputs/" + strconv.Itoa(seq) + "/page?as=csv"
}

// FilesSearchURL is the list of files whose names hold a text.
func FilesSearchURL(text string) string { return FilesPath + "?q=" + url.QueryEscape(text) }

// FileURL is a file's own page.
func FileURL(file string) string { return FilesPath + "/" + file }

// DownloadURL answers with a redirect to a fresh signed link.
func DownloadURL(file string) string { return FileURL(file) + "/content" }

// InlineURL is DownloadURL for showing inside a page.
func InlineURL(file string) string { return DownloadURL(file) + "?inline=1" }

// DeleteURL takes a POST that deletes one file.
func DeleteURL(file string) string { return FileURL(file) + "/delete" }

// NotebookURL is a notebook's page, or takes a POST that does something with it.
func NotebookURL(notebook, do string) string {
	if do == "" {
		return NotebooksPath + "/" + notebook
	}
	return NotebooksPath + "/" + notebook + "/" + do
}

// CellURL takes a POST that does something with a cell.
func CellURL(cell, do string) string { return "/cells/" + cell + "/" + do }

// CellPlaceURL is a cell where it stands in its notebook's page.
func CellPlaceURL(notebook, cell string) string {
	return NotebookURL(notebook, "") + "#" + cellID(cell)
}
