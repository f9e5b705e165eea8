package views

import (
	"fmt"
	"strconv"
	"time"

	"mayfly/views/ui"
)

// maxThumbnail bounds what a list loads to show a picture small.
const maxThumbnail = 1 << 20

// column is one head of the list. Sort is "" where it cannot be ordered.
type column struct{ Class, Label, Sort string }

func fileColumns() []column {
	return []column{
		{"col-name", "Name", "name"},
		{"col-size", "Size", "size"},
		{"col-by", "Made by", ""},
		{"col-made", "Made", "made"},
		{"col-clock", "Time left", "left"},
	}
}

// choice is one filter with a fixed set of values.
type choice struct {
	Name, Label, Value string
	Options            []option
}

type option struct{ Value, Word string }

// choices are the selects of the filter row. The first option of each bears
// the filter's own name: it stands there while nothing is chosen.
func (v FilesView) choices() []choice {
	categories := []option{{"", "Category"}}
	for _, c := range v.Categories {
		categories = append(categories, option{c, c})
	}
	sources := []option{{"", "Source"}}
	for _, s := range []string{"web", "discord", "api", "upload"} {
		sources = append(sources, option{s, sourceWord(s)})
	}
	within := []option{{"", "Time left"}, {"1h", "under 1 hour"}, {"6h", "under 6 hours"}, {"24h", "under 1 day"}}
	return []choice{
		{"category", "Category", v.Filter.Category, categories},
		{"source", "Source", v.Filter.Source, sources},
		{"within", "Time left", v.Filter.Within, within},
	}
}

// without is the filter with one of its choices taken back.
func (f Filter) without(name string) Filter {
	switch name {
	case "category":
		f.Category = ""
	case "source":
		f.Source = ""
	case "within":
		f.Within = ""
	}
	return f
}

// andMore follows a name that was searched for when other filters are on too.
func (f Filter) andMore() string {
	if f.Category+f.Source+f.Within != "" {
		return " and the other filters"
	}
	return ""
}

// count says how many files the filter leaves and how much they hold.
func (v FilesView) count() string {
	if v.Filter.Any() {
		return fmt.Sprintf("%s of %s · %s", ui.Count(v.Total), ui.Count(v.All), ui.Size(v.TotalBytes))
	}
	return ui.Plural(v.Total, "file") + " · " + ui.Size(v.TotalBytes)
}

// pageValue goes with the list's own refresh, which asks for the same page.
func (v FilesView) pageValue() string { return `{"page":` + strconv.Itoa(max(1, v.Page)) + `}` }

// limits are what the upload says.
func (v FilesView) limits() LimitsView {
	return LimitsView{FileMax: v.FileMax, Quota: v.Quota, Lifetime: v.Lifetime}
}

// uploadLook leaves the first place to the sample while there are no files.
func (v FilesView) uploadLook() string {
	if v.All == 0 {
		return "button"
	}
	return "button button-primary"
}

// pictured says that the file itself is small enough to be its thumbnail.
func (f FileLine) pictured() bool { return f.Thumbnail && !f.Gone() && f.Size <= maxThumbnail }

// madeByWords names the run that made it.
func (f FileLine) madeByWords() string {
	if f.MadeBy == "" {
		return "a run"
	}
	return f.MadeBy
}

// wholeClock is a ring that nothing is gone of.
func wholeClock() ui.Clock {
	now := time.Unix(0, 0)
	return ui.Clock{Expires: now.Add(48 * time.Hour), Now: now}
}
