package views

import (
	"net/url"

	"mayfly/views/ui"
)

// RunFilter narrows the history of runs. What a field holds is what its control
// sends.
type RunFilter struct {
	Search   string // part of the code
	Ending   string // an ending, or queued or running
	Source   string
	App      string // its id
	Notebook string // its id
	Day      string // 2006-01-02, of UTC
}

// Any says that something narrows the list.
func (f RunFilter) Any() bool { return f != RunFilter{} }

// URL is the history with this filter, at its newest page.
func (f RunFilter) URL() string { return f.page("", "") }

// page is the page before or after a run.
func (f RunFilter) page(which, run string) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"q": f.Search, "ending": f.Ending, "source": f.Source, "app": f.App, "notebook": f.Notebook, "day": f.Day, which: run,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return RunsPath
	}
	return RunsPath + "?" + q.Encode()
}

// without is the filter with one of its choices taken back.
func (f RunFilter) without(name string) RunFilter {
	switch name {
	case "ending":
		f.Ending = ""
	case "source":
		f.Source = ""
	case "app":
		f.App = ""
	case "notebook":
		f.Notebook = ""
	case "day":
		f.Day = ""
	}
	return f
}

// RunsView is the history of runs.
type RunsView struct {
	Runs         []RunLine
	Filter       RunFilter
	Newer, Older bool // there are such pages
	Ever         bool // something was run at some time: the list is not empty for good
	DayFault     string
	Apps         []Choice // that asked for runs
	Notebooks    []Choice // that runs are of
	FormKey      string
}

// Choice is one value of a filter with its word.
type Choice struct{ Value, Word string }

// newer and older are links to the pages beside this one.
func (v RunsView) newer() string {
	if len(v.Runs) == 0 {
		return v.Filter.URL()
	}
	return v.Filter.page("after", v.Runs[0].ID)
}

func (v RunsView) older() string {
	if len(v.Runs) == 0 {
		return v.Filter.URL()
	}
	return v.Filter.page("before", v.Runs[len(v.Runs)-1].ID)
}

// active says that one of the runs is not over, so the list is looked at again.
func (v RunsView) active() bool {
	for _, r := range v.Runs {
		if r.State != "done" {
			return true
		}
	}
	return false
}

// Moves says that the page changes by itself: it is the newest, and a run on it is
// not over.
func (v RunsView) Moves() bool { return v.active() && !v.Newer }

// span says which days the page shows.
func (v RunsView) span() string {
	if len(v.Runs) == 0 {
		return ""
	}
	day := func(r RunLine) string { return r.At.UTC().Format("2 Jan") }
	first, last := day(v.Runs[len(v.Runs)-1]), day(v.Runs[0])
	if first == last {
		return ui.Plural(len(v.Runs), "run") + ", " + last
	}
	return ui.Plural(len(v.Runs), "run") + ", " + first + " to " + last
}

// choices are the selects of the filter row.
func (v RunsView) choices() []choice {
	f := v.Filter
	endings := []option{{"", "Ending"}, {"queued", "queued"}, {"running", "running"}}
	for _, e := range []string{"ok", "raised", "interrupted", "timed_out", "out_of_memory", "output_cap", "killed", "lost", "cancelled"} {
		endings = append(endings, option{e, lookOf("done", e, 0).word})
	}
	sources := []option{{"", "Source"}}
	for _, s := range []string{"web", "discord", "api", "cli"} {
		sources = append(sources, option{s, sourceWord(s)})
	}
	all := []choice{{"ending", "Ending", f.Ending, endings}, {"source", "Source", f.Source, sources}}
	if len(v.Notebooks) > 0 {
		all = append(all, choice{"notebook", "Notebook", f.Notebook, optionsOf("Notebook", v.Notebooks)})
	}
	if len(v.Apps) > 0 {
		all = append(all, choice{"app", "App", f.App, optionsOf("App", v.Apps)})
	}
	return all
}

func optionsOf(name string, all []Choice) []option {
	options := []option{{"", name}}
	for _, c := range all {
		options = append(options, option(c))
	}
	return options
}

// dayValue is what the field for a day can hold: a day.
func (v RunsView) dayValue() string {
	if v.DayFault != "" {
		return ""
	}
	return v.Filter.Day
}
