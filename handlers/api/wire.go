package api

import "time"

// wireRunRequest is what a run is asked with.
type wireRunRequest struct {
	Code        string   `json:"code" minLength:"1" maxLength:"2097152" example:"print(1)" doc:"Python source, 2 MiB at most. Indentation that all lines share is taken off."`
	UserID      *userID  `json:"user_id,omitempty" doc:"The Discord user whom the run is for. An app names one; a personal token may leave it out."`
	UserFiles   []string `json:"user_files,omitempty" nullable:"true" maxItems:"100" doc:"Ids of files that lie in the run's folder and that load_file reaches. None: load_file reaches all live files of the user."`
	Timeout     *float64 `json:"timeout,omitempty" nullable:"true" exclusiveMinimum:"0" doc:"Seconds of wall time. The default and the most are in GET /status."`
	Stdin       *string  `json:"stdin,omitempty" nullable:"true" maxLength:"2097152" doc:"What input() reads, line by line; then it raises EOFError."`
	IncludeData *bool    `json:"include_data,omitempty" nullable:"true" doc:"Send the bytes of the generated files along, in base64, up to 8 MB in all. Those that do not fit have data null: fetch their content."`
}

type wireResult struct {
	Success          bool          `json:"success" doc:"It ended ok."`
	Output           string        `json:"output" doc:"What it wrote to standard output and displayed as text."`
	Error            string        `json:"error" doc:"Why it did not end ok: the traceback, if any, and a sentence. Empty when it did."`
	Stderr           string        `json:"stderr" doc:"What it wrote to standard error, and notes of Mayfly's."`
	ExecutionTime    float64       `json:"execution_time" doc:"Seconds of wall time."`
	ReturnCode       int           `json:"return_code" doc:"0 ok, 1 or sys.exit's own when raised, 124 timed out, 125 output cap, 130 interrupted or cancelled, 137 out of memory or killed, 70 lost."`
	GeneratedFiles   []wireMade    `json:"generated_files" nullable:"false" doc:"The files that it made."`
	GeneratedFileIDs []string      `json:"generated_file_ids" nullable:"false"`
	FilesNotKept     []wireRefusal `json:"files_not_kept" nullable:"false" doc:"Files that it made and that were not kept, with the reason."`
	RunID            string        `json:"run_id"`
	Ending           string        `json:"ending" enum:"ok,raised,interrupted,timed_out,out_of_memory,output_cap,killed,lost,cancelled"`
	PeakMemory       int64         `json:"peak_memory" doc:"Bytes."`
	ExpiresAt        time.Time     `json:"expires_at" doc:"When its output goes. Each file has a time of its own."`
	URL              string        `json:"url" doc:"Its page, for the user."`
}

type wireMade struct {
	Filename  string    `json:"filename"`
	Data      *string   `json:"data" contentEncoding:"base64" doc:"The bytes in base64 with include_data, else null."`
	Type      string    `json:"type" doc:"Category: image data text structured code archive html pdf scientific audio video file."`
	Size      int64     `json:"size" doc:"Bytes."`
	FileID    string    `json:"file_id"`
	ExpiresAt time.Time `json:"expires_at"`
}

type wireRefusal struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Reason string `json:"reason"`
}

type wireRun struct {
	RunID      string      `json:"run_id"`
	UserID     string      `json:"user_id"`
	State      string      `json:"state" enum:"queued,running,done"`
	Position   int         `json:"position" doc:"Its place among all that wait, 1 is next; 0 when it does not wait."`
	Source     string      `json:"source" doc:"web, api, discord or cli."`
	QueuedAt   time.Time   `json:"queued_at"`
	StartedAt  *time.Time  `json:"started_at"`
	FinishedAt *time.Time  `json:"finished_at"`
	URL        string      `json:"url"`
	Result     *wireResult `json:"result,omitempty" doc:"Once it is done."`
}

type wireFile struct {
	FileID    string    `json:"file_id" example:"123_1696118400_abcdefghijklmnopqrstuvwxyz"`
	Filename  string    `json:"filename"`
	Size      int64     `json:"size" doc:"Bytes."`
	Type      string    `json:"type" doc:"Category: image data text structured code archive html pdf scientific audio video file."`
	MediaType string    `json:"media_type"`
	Version   int       `json:"version" doc:"Which file of this name."`
	Source    string    `json:"source" doc:"web, api, discord, cli or upload."`
	SHA256    string    `json:"sha256"`
	RunID     *string   `json:"run_id" doc:"The run that made it, null for uploads."`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at" doc:"From this moment on nobody can read it."`
	URL       string    `json:"url"`
}

type wireFiles struct {
	Files      []wireFile `json:"files" nullable:"false"`
	NextCursor *string    `json:"next_cursor" doc:"Send it as cursor for the next page; null on the last."`
}

type wireDeleted struct {
	Deleted int `json:"deleted" doc:"How many expired files' bytes were taken away."`
}

type wireStatus struct {
	Version  string        `json:"version"`
	Python   string        `json:"python"`
	Ready    bool          `json:"ready" doc:"Runs are taken and begin at once."`
	Message  string        `json:"message" doc:"Why not, when it is not ready."`
	Limits   wireLimits    `json:"limits"`
	Packages []wirePackage `json:"packages" nullable:"false" doc:"What code may import. Empty while Python warms up."`
	Totals   *wireTotals   `json:"totals,omitempty" doc:"What the user has; left out when an app names nobody."`
}

type wireLimits struct {
	Timeout        float64 `json:"timeout" doc:"Seconds of a run that asks for none."`
	TimeoutMax     float64 `json:"timeout_max"`
	Memory         int64   `json:"memory" doc:"Bytes of one run."`
	Processes      int     `json:"processes" doc:"Processes and threads of one run."`
	OutputMax      int64   `json:"output_max" doc:"Bytes that one run may write."`
	FileMax        int64   `json:"file_max" doc:"Bytes of one file."`
	RunFilesMax    int     `json:"run_files_max"`
	RunBytesMax    int64   `json:"run_bytes_max"`
	UserBytesMax   int64   `json:"user_bytes_max"`
	UserFilesMax   int     `json:"user_files_max"`
	UserQueueMax   int     `json:"user_queue_max" doc:"Runs of one user that may wait."`
	FileLifetime   float64 `json:"file_lifetime" doc:"Seconds."`
	ExtendMax      float64 `json:"extend_max" doc:"Seconds from its making that a file may live with extensions; 0: extending is off."`
	IncludeDataMax int64   `json:"include_data_max" doc:"Bytes that include_data sends along."`
}

type wirePackage struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type wireTotals struct {
	Files   int   `json:"files" doc:"Live files."`
	Bytes   int64 `json:"bytes"`
	Running int   `json:"running" doc:"Runs that run now."`
	Queued  int   `json:"queued"`
}

// Events of a run's stream.
type wireOutput struct {
	Seq      int               `json:"seq"`
	Stream   string            `json:"stream" enum:"stdout,stderr,display,failure,note,clear" doc:"clear takes back everything before it but notes."`
	Text     string            `json:"text"`
	Bundle   map[string]string `json:"bundle,omitempty" doc:"Of a display: media type to data; pictures in base64."`
	Replaces int               `json:"replaces,omitempty,omitzero" doc:"The seq of the display in whose place this one is shown."`
}

type wireState struct {
	State    string `json:"state" enum:"queued,running,done"`
	Position int    `json:"position"`
}

type wireProblem struct {
	Type      string      `json:"type" doc:"Where the code is explained."`
	Title     string      `json:"title"`
	Status    int         `json:"status"`
	Code      string      `json:"code" doc:"The same for the same kind of failure, for ever."`
	Detail    string      `json:"detail" doc:"What happened, for people."`
	Next      string      `json:"next,omitempty" doc:"What to do."`
	RequestID string      `json:"request_id" doc:"For whoever runs this Mayfly."`
	Errors    []wireFault `json:"errors,omitempty" doc:"What is wrong with the request, one by one."`
}

type wireFault struct {
	Location string `json:"location" doc:"body.timeout, query.limit, path.id"`
	Message  string `json:"message"`
}
