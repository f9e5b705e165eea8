package views

import "time"

// ReadyCell is a cell that is offered for a file.
type ReadyCell struct {
	Words string // what it does
	Code  string
}

// How long after it came a file is offered ready cells for, and of how many files
// at once.
const (
	freshFor  = 10 * time.Minute
	freshMost = 2
)

// fresh are the files that were brought into the notebook just now, the newest
// first.
func (v NotebookView) fresh() []FileLine {
	var fresh []FileLine
	for _, f := range v.Files {
		if f.Source != "upload" || v.At-f.MadeAt.UnixMicro() > freshFor.Microseconds() || len(f.Ready) == 0 {
			continue
		}
		at := len(fresh)
		for at > 0 && f.MadeAt.After(fresh[at-1].MadeAt) {
			at--
		}
		fresh = append(fresh[:at], append([]FileLine{f}, fresh[at:]...)...)
	}
	return fresh[:min(len(fresh), freshMost)]
}
