package views

import (
	"github.com/a-h/templ"

	"mayfly/views/ui"
)

// Frame is what stands around a page.
type Frame struct {
	Title   string   // of the page, without the product's name
	Active  Section  // which entry of the rail is lit
	User    Person   // nobody when signed out: the page then has no rail
	Space   ui.Gauge // the meter at the rail's foot
	Toasts  []Toast  // what the page before this one has to say
	Refresh bool     // something is queued or running: reload every 3 s where there is no script
	Again   string   // with Refresh: the path that is loaded; "" is this very address, which must then have no #
	retry   bool     // the page could not be made now: reload later where there is no script
	Editor  bool     // the page holds a <code-editor>
	Narrow  bool     // the rail is of icons alone: the page wants the room
	Theme   string   // light or dark, when the person chose one; "" follows the system
}

// Person is who is signed in.
type Person struct {
	ID   string // Discord id
	Name string // display data, at most 64 runes
}

// Section is an entry of the rail.
type Section string

const (
	SectionHome      Section = "home"
	SectionNotebooks Section = "notebooks"
	SectionFiles     Section = "files"
	SectionRuns      Section = "runs"
	SectionHelp      Section = "help"

	SectionSettings Section = "settings" // reached from the person's menu
)

// SignedIn says whether the frame has a rail.
func (f Frame) SignedIn() bool { return f.User.ID != "" }

// refresh is after how many seconds a page without script reloads itself, ""
// for never.
func (f Frame) refresh() string {
	switch {
	case f.Refresh && f.Again != "":
		return "3; url=" + f.Again
	case f.Refresh:
		return "3"
	case f.retry:
		return "15"
	}
	return ""
}

// scheme names the colours of what the browser draws by itself.
func (f Frame) scheme() string {
	if f.Theme == "" {
		return "light dark"
	}
	return f.Theme
}

// retrying is the frame of a page that is worth another try by itself.
func (f Frame) retrying(yes bool) Frame {
	f.retry = yes
	return f
}

// initial is the letter in the round sign of a person.
func (p Person) initial() string {
	for _, r := range p.Name {
		return string(r)
	}
	return "?"
}

// current marks the one of several links that leads here. An attribute without
// a value would mean the opposite.
func current(as string, here bool) templ.Attributes {
	if !here {
		return nil
	}
	return templ.Attributes{"aria-current": as}
}

type entry struct {
	section           Section
	path, icon, label string
}

func entries() []entry {
	return []entry{
		{SectionHome, HomePath, "house", "Home"},
		{SectionNotebooks, NotebooksPath, "notebook-text", "Notebooks"},
		{SectionFiles, FilesPath, "folder", "Files"},
		{SectionRuns, RunsPath, "play", "Runs"},
		{SectionHelp, HelpPath, "circle-question-mark", "Help"},
	}
}

// Toast is a short message at the foot of the page. A toast with Restore ids
// offers to undo a deletion.
type Toast struct {
	Icon    string   // a Lucide name: trash-2, circle-alert, check …
	Subject string   // in bold, a file's name; may be empty
	Text    string   // what happened
	Restore []string // ids of deleted files that Undo brings back
	Link    string   // a local path to what it is about; "" for none
	Undo    string   // else: where a POST takes it back; "" when nothing can
	Return  string   // where Undo leads afterwards, a local path
	Request string   // a request id, for errors
	Stay    bool     // it does not go by itself; those of faults never do
}

// Fault says that something went wrong, so the message stays until closed and
// no list needs to be fetched anew.
func (t Toast) Fault() bool { return t.Icon == "circle-alert" }

// Deleted is the toast after files were deleted: one by name, more by number.
func Deleted(names, ids []string, back string) Toast {
	t := Toast{Icon: "trash-2", Text: "deleted", Restore: ids, Return: back}
	if len(names) == 1 {
		t.Subject = names[0]
	} else {
		t.Subject = ui.Plural(len(ids), "file")
	}
	return t
}
