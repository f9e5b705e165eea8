package views

import (
	"fmt"
	"strconv"

	"mayfly/views/ui"
)

// subtitle stands under the name: CSV table · 61 KB · version 2 of 2.
func (v FileView) subtitle() string {
	s := v.File.Type + " · " + ui.Size(v.File.Size)
	switch n := len(v.Versions); {
	case n > 1:
		s += fmt.Sprintf(" · version %d of %d", v.File.Version, max(v.Versions[0].Version, v.File.Version))
	case v.File.Version > 1:
		s += " · version " + strconv.Itoa(v.File.Version)
	}
	return s
}

// textNote says how much of a text the preview holds.
func (v FileView) textNote() string {
	lines := ui.Plural(codeLines(v.Text), "line")
	if v.TextCut {
		return "the first " + lines
	}
	return lines
}

// givesWords says what load_file makes of a file.
func givesWords(gives string) string {
	if gives == "" {
		return ""
	}
	return "Gives " + gives + ". "
}

// madeWord is the last step of a chain.
func madeWord(f FileLine) string {
	if f.RunID == "" {
		return "Uploaded"
	}
	return "Made"
}

func versionWords(f FileLine) string { return fmt.Sprintf("version %d, this file", max(1, f.Version)) }

// loadedNote says which version was read and whether it still lives.
func loadedNote(f FileLine) string {
	s := fmt.Sprintf("version %d, from %s", max(1, f.Version), sourceWord(f.Source))
	switch {
	case f.Deleted:
		return s + ", deleted"
	case f.Gone():
		return s + ", expired " + ui.Since(f.Clock.Expires, f.Clock.Now) + " ago"
	}
	return s
}

// runShort is how the run that made it is called among people.
func (f FileLine) runShort() string { return f.RunID[:min(6, len(f.RunID))] }

// verb is what ended it.
func (v TombstoneView) verb() string {
	if v.File.Deleted {
		return "Deleted"
	}
	return "Expired"
}

func (v TombstoneView) subtitle() string {
	word := "expired"
	if v.File.Deleted {
		word = "deleted"
	}
	return v.File.Type + " · " + ui.Size(v.File.Size) + " · " + word
}

func (v TombstoneView) headline() string {
	return v.verb() + " " + ui.Since(v.GoneAt, v.Now) + " ago"
}

// words say what happened and what is left.
func (v TombstoneView) words() string {
	s := "Its " + lifetime(v.Lifetime) + " ran out, so its contents are gone for good."
	if v.File.Deleted {
		s = "You deleted it, so its contents are gone for good."
	}
	switch {
	case v.Code != "":
		return s + " The code that made it is below."
	case v.File.RunID == "":
		return s + " It was uploaded: to have it again, upload it again."
	}
	return s + " The code that made it is not known any more."
}
