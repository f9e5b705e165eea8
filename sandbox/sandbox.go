package sandbox

import (
	"context"
	"io"
	"iter"
	"time"
)

// Sandbox opens kernels behind a wall. It is safe for concurrent use.
type Sandbox interface {
	// Open returns a fresh interpreter that no user code has touched. It waits
	// while the sandbox is warming up, until ctx ends. ErrUnavailable means the
	// wall is not whole on this machine and nothing may run.
	Open(ctx context.Context, spec Spec) (Kernel, error)
	// Spare is how many bytes of memory kernels may still take before the
	// machine is short of it; below zero it is. Whoever keeps idle kernels
	// closes some then.
	Spare() (int64, error)
	// Close destroys every kernel and waits until their processes are gone.
	Close(ctx context.Context) error
}

// Kernel is one live interpreter, one Exec at a time.
type Kernel interface {
	// LimitWall sets the wall limit of the Execs that follow, in place of the
	// one it was opened with. Not while one runs.
	LimitWall(wall time.Duration)
	// Exec runs code to its end and reports how it ended. The error is our own
	// fault only; whatever the code does is in the Result.
	Exec(ctx context.Context, code string, io IO) (Result, error)
	// Interrupt asks the running Exec to stop (SIGINT) and kills the kernel
	// when it has not stopped after a grace. Variables survive an interrupt.
	Interrupt(ctx context.Context) error
	// Produced yields the regular files that the last Exec made or changed,
	// sorted by path, and those it could not keep, with the reason. Each
	// Content must be closed before the next item is taken.
	Produced(ctx context.Context) iter.Seq2[Produced, error]
	// Page returns other rows of a table that an Exec showed, as long as the
	// kernel still holds it: ErrNotHeld otherwise. It is for a kernel that runs
	// nothing now (ErrBusy) and takes LookMax at most (ErrNoAnswer).
	Page(ctx context.Context, of PageOf) (*Table, error)
	// Sheet returns a piece of a whole table as CSV, from a byte on, under the same
	// terms but for SheetMax. From 0 it is made anew; the rest of it is held until the
	// last piece is taken or something runs.
	Sheet(ctx context.Context, table string, from int) (*Sheet, error)
	// Complete names what could stand at the cursor, under the same terms. The
	// cursor counts characters.
	Complete(ctx context.Context, code string, cursor int) (Completion, error)
	// Done is closed when the interpreter has ended for whatever reason.
	Done() <-chan struct{}
	// Close kills everything inside and frees the workspace. It may be called
	// more than once.
	Close(ctx context.Context) error
}

// IO is where one Exec's output goes and its input comes from.
type IO interface {
	// Emit takes one piece of output, in order. Emit must not block for long:
	// the guest's pipe is not read while it runs. An error ends the Exec.
	Emit(Output) error
	// Input answers input() and getpass with one line of at most AnswerMax
	// bytes. An error that wraps io.EOF means that there is no answer; an
	// Unanswered says why, in words for whoever wrote the code.
	Input(ctx context.Context, q Question) (string, error)
}

// Question is what input() or getpass asks.
type Question struct {
	Prompt string // valid UTF-8, at most PromptMax characters
	Secret bool   // asked by getpass: the answer is not to be shown or kept
}

// Bounds of a question and its answer.
const (
	PromptMax = 10_000  // characters; the rest of a longer prompt is cut off
	AnswerMax = 1 << 20 // bytes; a longer answer counts as none
)

// Shelf is the set of live files behind load_file, list_files and
// get_file_path, checked anew at each call (owner and clock are the
// implementation's business).
type Shelf interface {
	List(ctx context.Context) ([]Entry, error)
	// Open finds a file by its id, or by name (the newest live version). When
	// there is none the error's text is shown to the guest, so it names the
	// nearest matches and leaks nothing else.
	Open(ctx context.Context, ref string) (Entry, io.ReadCloser, error)
}

// Entry is one file on a Shelf.
type Entry struct {
	ID        string
	Name      string // may hold "/" when the file was made in a folder
	Version   int
	Size      int64
	Category  string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Spec says what one kernel gets.
type Spec struct {
	Limits Limits
	Shelf  Shelf   // nil: load_file finds nothing
	Inputs []Input // laid into the working folder before the first Exec
	// KeepFigures also saves each shown matplotlib figure as figure-N.png, as
	// one-shot runs do.
	KeepFigures bool
}

// Input is a file copied into the working folder when a kernel starts.
type Input struct {
	Name string
	Open func() (io.ReadCloser, error)
	Size int64
}

// Limits bound one kernel. Zero values are replaced by DefaultLimits.
type Limits struct {
	Wall      time.Duration // per Exec; stands still while input() waits
	Memory    int64         // bytes of program memory, the workspace apart
	Pids      int           // processes and threads together
	FileMax   int64         // bytes of one kept file
	FilesMax  int           // files kept per Exec
	BytesMax  int64         // bytes kept per Exec; also the workspace's size
	InputsMax int64         // bytes of Inputs and of what load_file fetched
	OutputMax int64         // bytes written to stdout and stderr before output_cap
}

// DefaultLimits are the product's (product.md §2): 60 s, 512 MiB, 256
// processes and threads, 50 MB a file, 100 files and 256 MB a run.
func DefaultLimits() Limits {
	return Limits{
		Wall: 60 * time.Second, Memory: 512 << 20, Pids: 256,
		FileMax: 50_000_000, FilesMax: 100, BytesMax: 256_000_000,
		InputsMax: 512_000_000, OutputMax: 64_000_000,
	}
}

// Stream says which channel a piece of output came by.
type Stream string

const (
	Stdout  Stream = "stdout"
	Stderr  Stream = "stderr"
	Display Stream = "display" // display(), a shown figure, the last expression
	Failure Stream = "failure" // a formatted traceback, user's lines first
	Note    Stream = "note"    // a line from Mayfly itself
	Clear   Stream = "clear"   // clear_output(): all that was said before is gone, notes apart
)

// Output is one ordered piece of what a run says. Text holds stdout, stderr,
// failure and note text, valid UTF-8 with \r and ANSI escapes kept; Bundle
// holds a display's MIME bundle, binary types in base64.
type Output struct {
	Stream Stream
	Text   string
	Bundle map[string]string
	// ID names a display that may change later, "" one that does not; at most
	// DisplayIDMax bytes. With Update the Bundle takes the place of that
	// display's, wherever it stands.
	ID     string
	Update bool
	// Value says that the display is what the last expression gave, and not a
	// call of display().
	Value bool
}

// DisplayIDMax is the longest name of a display, in bytes.
const DisplayIDMax = 200

// Ending is how one Exec ended.
type Ending string

// The endings that a wall can tell; models adds lost and cancelled, which
// happen outside it.
const (
	OK          Ending = "ok"
	Raised      Ending = "raised"
	Interrupted Ending = "interrupted"
	TimedOut    Ending = "timed_out"
	OutOfMemory Ending = "out_of_memory"
	OutputCap   Ending = "output_cap"
	Killed      Ending = "killed"
)

// Result is the verdict on one Exec, with the facts behind it.
type Result struct {
	Ending      Ending
	ReturnCode  int // product.md §2: ok 0, raised 1 or sys.exit(n), 124, 125, 130, 137
	Wall        time.Duration
	CPU         time.Duration
	PeakMemory  int64    // bytes, of the kernel's cgroup
	OutputBytes int64    // written to stdout and stderr, shown or not
	Exception   string   // "ValueError: …" when Raised, one line, at most 1 kB
	Line        int      // the user's line that raised, 0 when unknown
	Signal      int      // when Killed by a signal
	Names       []string // variables that the code can use after this Exec, at most NamesMax; none when the interpreter has ended
}

// Bounds of Result.Names.
const (
	NamesMax = 200
	NameMax  = 80 // bytes; a longer one is left out
)

// Produced is one file that an Exec made or changed.
type Produced struct {
	Path    string // relative to the working folder, "/" between parts
	Size    int64
	Content io.ReadCloser // nil when Refused is set
	Refused string        // why it was not kept, in words for the owner
}
