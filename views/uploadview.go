package views

import (
	"fmt"
	"time"

	"mayfly/views/ui"
)

// UploadState is how far one file of the tray has come. The CSS draws each by
// the row's data-state; static/js/file-upload.js sets it.
type UploadState string

const (
	UploadWaiting UploadState = "waiting"
	UploadGoing   UploadState = "going"
	UploadKept    UploadState = "kept"
	UploadRefused UploadState = "refused"
)

// UploadLine is one row of the tray.
type UploadLine struct {
	Name    string
	State   UploadState
	Percent int
	Note    string // "waiting", "14.1 of 22 MB", "kept until …", "Not kept: …"
}

func (u UploadLine) head() string { head, _ := ui.SplitName(u.Name); return head }

func (u UploadLine) tail() string { _, tail := ui.SplitName(u.Name); return tail }

// lifetime writes how long files are kept: 48 hours, 90 minutes, 3 s.
func lifetime(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return ui.Plural(int(d.Hours()), "hour")
	case d >= time.Minute && d%time.Minute == 0:
		return ui.Plural(int(d.Minutes()), "minute")
	}
	return ui.Limit(d)
}

// room says what still fits.
func room(limits LimitsView, free int64) string {
	return fmt.Sprintf("Up to %s each. %s of your %s is free.", ui.Size(limits.FileMax), ui.Size(max(0, free)), ui.Size(limits.Quota))
}
