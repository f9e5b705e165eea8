package views

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"mayfly/views/ui"
)

// FileLine is one file in a list, a chip or a chain.
type FileLine struct {
	ID        string
	Name      string
	Icon      string // Lucide name of its type
	Type      string // "CSV table", for people
	Size      int64
	Version   int
	Source    string
	RunID     string // "" for uploads
	MadeBy    string // the run's naming line, "" for uploads
	MadeAt    time.Time
	Clock     ui.Clock
	Deleted   bool
	Thumbnail bool        // a picture that may be shown small
	Ready     []ReadyCell // cells that are offered for it, where the page offers some
	CellPlace int         // of the cell of the notebook that made it; 0: none
}

// Gone says that its bytes can no longer be had.
func (f FileLine) Gone() bool { return f.Deleted || f.Clock.Left() <= 0 }

// LoadCall is the code that reads it by name: the newest live version.
func (f FileLine) LoadCall() string { return "load_file(" + quote(f.Name) + ")" }

// quote writes a Python string literal. Go's quoting uses no escape that
// Python reads differently for printable text.
func quote(s string) string { return strconv.Quote(s) }

// FilesView is a page of somebody's files.
type FilesView struct {
	Files      []FileLine
	Filter     Filter
	Total      int   // that match the filter
	TotalBytes int64 // of those
	All        int   // live files without any filter
	Page       int   // from 1
	From       int   // number of the first one shown, from 1
	FileMax    int64
	Free       int64 // bytes of the quota still free
	Quota      int64
	Lifetime   time.Duration
	Categories []string
	FormKey    string // of the sample's run, which is offered when there are no files
}

// Filter is what the list was asked for, each "" when not.
type Filter struct {
	Search, Category, Source string
	Within                   string // 1h, 6h, 24h: goes within that time
	Sort                     string // left (default), name, size, made; "-" before it turns it around
}

// Any says that something narrows the list.
func (f Filter) Any() bool { return f.Search+f.Category+f.Source+f.Within != "" }

// URL is the list with this filter, at a page counted from 1.
func (f Filter) URL(page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Search, "category": f.Category, "source": f.Source, "within": f.Within, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return FilesPath
	}
	return FilesPath + "?" + q.Encode()
}

// SortURL is the list ordered by a column; pressing the same one again turns
// the order around.
func (f Filter) SortURL(column string) string {
	if f.sorted() == column {
		column = "-" + column
	}
	f.Sort = column
	return f.URL(1)
}

func (f Filter) sorted() string {
	if f.Sort == "" {
		return "left"
	}
	return f.Sort
}

// ariaSort tells assistive technology how a column is ordered.
func (f Filter) ariaSort(column string) string {
	switch f.sorted() {
	case column:
		return "ascending"
	case "-" + column:
		return "descending"
	}
	return "none"
}

// more says that a page follows this one.
func (v FilesView) more() bool { return v.From+len(v.Files)-1 < v.Total }

// span is the pager's line: 1–12 of 1,284.
func (v FilesView) span() string {
	if v.Total == 0 {
		return ""
	}
	return fmt.Sprintf("%s–%s of %s", ui.Count(v.From), ui.Count(v.From+len(v.Files)-1), ui.Count(v.Total))
}

// FileView is one live file.
type FileView struct {
	File       FileLine
	MediaType  string
	SHA256     string
	LoadGives  string // "a DataFrame", what load_file returns for this type
	Run        *RunLine
	Loaded     []FileLine // what that run read
	Versions   []FileLine // newest first; may be empty
	Lifetime   time.Duration
	ImageShown bool   // the preview is an <img> of the content route
	Text       string // the first lines of a text file, "" when it is none
	TextCut    bool   // the file goes on after Text
}

// TombstoneView is a file that expired or was deleted.
type TombstoneView struct {
	File       FileLine
	MediaType  string
	SHA256     string
	GoneAt     time.Time
	Now        time.Time
	KnownUntil time.Time
	Lifetime   time.Duration
	Code       string     // of the run that made it, "" when not known any more
	Loaded     []FileLine // what that run read, live or not
	Newer      []FileLine
}

func shortHash(hash string) string {
	if len(hash) < 16 {
		return hash
	}
	return hash[:8] + "…" + hash[len(hash)-4:]
}

// shortID keeps both ends of a file id, which is how people tell two apart.
func shortID(id string) (head, tail string) {
	if len(id) <= 24 {
		return id, ""
	}
	return id[:len(id)-6], id[len(id)-6:]
}

func idHead(id string) string { head, _ := shortID(id); return head }

func idTail(id string) string { _, tail := shortID(id); return tail }

func zipURL(ids []string) string {
	q := url.Values{"id": ids}
	return ZipPath + "?" + q.Encode()
}

func ids(files []FileLine) []string {
	var all []string
	for _, f := range files {
		if !f.Gone() {
			all = append(all, f.ID)
		}
	}
	return all
}
