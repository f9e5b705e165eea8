package models

import (
	"strings"
	"time"
)

// State is how far a run has come.
type State string

const (
	Queued  State = "queued"
	Running State = "running"
	Done    State = "done"
)

// Source is the surface that something came from.
type Source string

const (
	FromWeb     Source = "web"
	FromAPI     Source = "api"
	FromDiscord Source = "discord"
	FromCLI     Source = "cli"
	FromUpload  Source = "upload" // files only
)

// Run is one execution of one source, immutable once done but for what its displays
// show.
type Run struct {
	ID         RunID `gorm:"primaryKey"`
	UserID     UserID
	Source     Source
	Code       string
	State      State
	Ending     Ending // "" until done
	ReturnCode int
	Node       string // that runs or ran it, or of a queued run that alone may: its notebook's kernel is there
	Exception  string // when raised: "ValueError: …", one line
	Line       int    // of the code that raised, 0 when unknown
	Signal     int    // when killed by one

	WallLimit   time.Duration
	MemoryLimit int64
	Wall        time.Duration
	Paused      time.Duration // in which its clock stood still, waiting for input
	CPU         time.Duration
	PeakMemory  int64
	OutputBytes int64 // written, shown or not
	LogBytes    int64 // kept as outputs; counts in the quota

	NotebookID *NotebookID // nil for a one-shot
	CellID     *CellID     // whose text it ran; nil for a one-shot, or when the cell is forgotten
	Digest     string      // of the cell's text
	Chain      string      // of the code up to it, by which the cell's validity is judged
	Count      int         // its number among the runs of its kernel, from 1 when it is over; 0 for a one-shot
	Changes    int         // how often what it said was changed since it is over

	FormKey     *string  // one key, one run: a double press or a retry makes no second
	AppID       *AppID   // the app that asked for it, nil when its owner did
	TokenID     *TokenID // the token that asked for it, nil when a page did
	Stdin       string   // what its input() reads, line by line, where nobody is asked
	JobID       *int64   // its River job, nil while it waits behind the owner's others
	InterruptAt *time.Time

	QueuedAt   time.Time
	StartedAt  *time.Time
	BeatAt     *time.Time
	FinishedAt *time.Time
	ExpiresAt  time.Time // of its outputs; the code and the facts live longer
	TrimmedAt  *time.Time

	KernelID  *KernelID `gorm:"->;-:migration"` // the kernel that its notebook has, where BeginRun asks; nil when it has none
	HasInputs bool      `gorm:"->;-:migration"` // whether it was given files or has loaded some, where BeginRun asks
	FileCount int       `gorm:"->;-:migration"` // live files it made, where the query counts them

	Made         bool       `gorm:"-:all"`          // it made files, kept or not, where the query asks
	NotebookName string     `gorm:"->;-:migration"` // of the notebook that it is of, where the query asks; "" for a one-shot, or when that is in the bin
	CellPlace    int        `gorm:"->;-:migration"` // of its cell in that notebook, from 1; 0 when it is not there any more
	AppName      string     `gorm:"->;-:migration"` // of the app that asked for it, where the query asks
	Opened       *string    `gorm:"->;-:migration"` // the notebook that was opened from it, where the query asks
	AskedAt      *time.Time `gorm:"->;-:migration"` // since when it waits for input, where the query asks; nil when it does not
	ReadAt       time.Time  `gorm:"->;-:migration"` // the database clock when the row was read
}

// NewRun is what a surface asks for.
type NewRun struct {
	Code    string
	Source  Source
	FormKey string // "" makes a run at every call
	Wall    time.Duration
	Stdin   string   // for input(), where the surface asks nobody
	By      *Token   // that asks; nil: the owner themselves
	Once    *Once    // with By: the same request again gives the same run
	Files   []FileID // laid into the working folder, and all that the run sees; none: it sees every live file
}

// Success is the seed's word for it: the run ended ok.
func (r Run) Success() bool { return r.Ending == OK }

// OfCell says that it belongs to a cell of a notebook that is there.
func (r Run) OfCell() bool { return r.NotebookName != "" }

// notebook is the one that it is of, "" for a one-shot.
func (r Run) notebook() NotebookID {
	if r.NotebookID == nil {
		return ""
	}
	return *r.NotebookID
}

// StoodStill is for how long the run's clock has stood still, an open question
// included.
func (r Run) StoodStill() time.Duration {
	if r.AskedAt == nil {
		return r.Paused
	}
	return r.Paused + r.ReadAt.Sub(*r.AskedAt)
}

// OutputsExpired reports whether the outputs' lifetime is over.
func (r Run) OutputsExpired() bool { return !r.ExpiresAt.After(r.ReadAt) }

// Title is the line of code that names the run in lists: the first that is
// neither empty, nor a comment, nor an import.
func (r Run) Title() string { return titleOf(r.Code) }

func titleOf(code string) string {
	first := ""
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if first == "" {
			first = line
		}
		if !strings.HasPrefix(line, "import ") && !strings.HasPrefix(line, "from ") {
			return cutRunes(line, 200)
		}
	}
	return cutRunes(first, 200)
}

// RunInput is a file that a run was given or has loaded.
type RunInput struct {
	RunID   RunID  `gorm:"primaryKey"`
	FileID  FileID `gorm:"primaryKey"`
	Name    string
	Version int
	Given   bool // laid into the working folder, not only loaded
}

// Refusal is a file that a run made and that was not kept.
type Refusal struct {
	ID     int64 `gorm:"primaryKey"`
	RunID  RunID
	Name   string
	Size   int64
	Reason string
}

// Output is one numbered piece of what a run said. Streams are those of package
// sandbox: stdout, stderr, display, failure, note, clear. Numbers grow; one that was
// replaced or taken back is missing.
type Output struct {
	RunID    RunID `gorm:"primaryKey"`
	Seq      int   `gorm:"primaryKey"` // from 1
	Stream   string
	Text     string
	Bundle   map[string]string `gorm:"serializer:json;type:jsonb"` // MIME type → data, of a display
	Replaces int               // the number of the display in whose place this one is shown; 0: none
	Value    bool              // of a display: it is what the cell's last expression gave
	// Description is what its owner says that a figure shows, "" when nothing. It
	// stays when the display changes.
	Description string
	CreatedAt   time.Time
}

// Verdict is what FinishRun writes down.
type Verdict struct {
	Ending      Ending
	ReturnCode  int // counts when raised only: the other endings have fixed ones
	Exception   string
	Line        int
	Signal      int
	Wall, CPU   time.Duration
	PeakMemory  int64
	OutputBytes int64
	LogBytes    int64
	Outputs     []Output // the last, as AppendOutputs takes them; counted in LogBytes
	Refusals    []Refusal
	Kernel      *KernelUse // of a notebook's run; nil for a one-shot
}

// code is the return code that the ending has, or the program's own.
func (v Verdict) code() int {
	if v.Ending == Raised && v.ReturnCode != 0 {
		return v.ReturnCode
	}
	return v.Ending.ReturnCode()
}
