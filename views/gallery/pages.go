package gallery

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"mayfly/views"
)

// Named is a whole page in one state.
type Named struct {
	Name string
	Page templ.Component
}

// Find gives the page of a name.
func Find(name string) (templ.Component, bool) {
	for _, p := range Pages() {
		if p.Name == name {
			return p.Page, true
		}
	}
	return nil, false
}

// Pages is every page in every state that changes what it is made of.
func Pages() []Named {
	var all []Named
	for _, group := range [][]Named{frontPages(), homePages(), notebookPages(), sharePages(), runPages(), filesPages(), filePages(), settingsPages(), problemPages()} {
		all = append(all, group...)
	}
	return all
}

func frontPages() []Named {
	out := views.Frame{Title: "Python for your Discord"}
	front := func(discord, local bool) templ.Component {
		return views.Front(out, views.FrontView{Discord: discord, Local: local, Return: "/files?q=a&sort=name", Limits: limits(), Now: now})
	}
	help := views.HelpView{Limits: allLimits(), Python: "3.11.2", Packages: packages(), SignedIn: true, Loaders: []views.Loader{
		{Types: []string{"csv", "tsv", "psv", "parquet", "feather", "arrow", "orc", "avro"}, Gives: "a DataFrame"},
		{Types: []string{"xlsx", "xls", "ods"}, Gives: "a DataFrame, or a dict of them by sheet"},
		{Types: []string{"json"}, Gives: "a DataFrame when it is a table, else a dict or a list"},
	}}
	gone := views.Front(out, views.FrontView{Discord: true, Limits: limits(), Now: now, Deleted: true})
	return []Named{
		{"front-discord", front(true, false)},
		{"front-deleted", gone},
		{"front-local", front(false, true)},
		{"front-closed", front(false, false)},
		{"help", views.Help(frame("Help", views.SectionHelp), help)},
		{"help-signed-out", views.Help(views.Frame{Title: "Help"}, views.HelpView{Limits: limits()})},
	}
}

func homePages() []Named {
	home := func(v views.HomeView) templ.Component {
		f := frame("Home", views.SectionHome)
		f.Editor = true
		v.FormKey, v.Limits, v.Space, v.Free = "sample", limits(), gauges(), 588_000_000
		return views.Home(f, v)
	}
	busy := with(run(1, states()[1]), printed("loaded sales.csv\n"), warned(tqdm()))
	busy.Files = files()[:1]
	done := with(run(2, states()[3]), printed(hostile+"\n"), failed(traceback))
	done.Files, done.Refused = append(files(), oddFiles()...), refused()
	queued, asks := run(3, states()[0]), asking(6, hostile, false)
	running := []views.RunLine{
		line(4, states()[1], "web", "for s in seasons: fit(s)", time.Minute, 0),
		line(5, states()[0], "discord", "leaderboard(season=7)", time.Minute, 0),
	}
	running[0].Notebook, running[0].NotebookID, running[0].Cell, running[0].CellID = "Raid night, week 47", token(50), 6, token(51)
	return []Named{
		{"home-first", home(views.HomeView{Code: views.Sample})},
		{"home-warming", home(views.HomeView{Code: views.Sample, Warming: "Python is warming up: about 4 s more. Your run starts by itself."})},
		{"home-running", home(views.HomeView{Quick: &busy, Code: busy.Code, Running: running, Expiring: files()[6:11], Recent: runLines(), Files: 12, Books: books()})},
		{"home-done", home(views.HomeView{Quick: &done, Code: "</textarea>" + hostile, Expiring: files()[11:], Recent: runLines()[:1], Files: 1})},
		{"home-asking", home(views.HomeView{Quick: &asks, Running: []views.RunLine{line(7, state{state: "asking"}, "web", "name = input()", time.Minute, 0)}, Recent: runLines()})},
		{"home-queued", home(views.HomeView{Quick: &queued, Running: running[1:], Recent: runLines(), Files: 12})},
	}
}

func runPages() []Named {
	page := func(v views.RunView) templ.Component {
		f := frame("Run "+v.Short, views.SectionRuns)
		f.Refresh = v.Live() && v.Question == nil
		return views.Run(f, v)
	}
	var all []Named
	for i, s := range states() {
		v := with(run(20+i, s), printed("48,211 events\n"))
		v.Files = files()[:i]
		all = append(all, Named{"run-" + s.name(), page(v)})
	}
	full := with(run(40, states()[6]), printed(manyLines()), warned(tqdm()+"\n"), noted("Mayfly: stopped here, 512 MiB reached."),
		shown(map[string]string{"image/png": "iVBORw0KGgo="}), shown(map[string]string{"text/html": table}), failed(traceback), printed(hostile))
	full.Files, full.Refused, full.Loaded = append(files(), oddFiles()...), refused(), append(files()[:2], oddFiles()...)
	full.Code, full.UserName = hostile+"\n"+outOfMemoryCode, hostile
	gone := run(41, states()[2])
	gone.OutputsExpired, gone.Files = true, files()[11:]
	without, cell := run(42, states()[2]), run(43, states()[3])
	without.Given, without.App, without.Source = []string{longName}, hostile, "api"
	cell.Notebook, cell.NotebookID, cell.Cell, cell.CellID = "Raid night, week 47", token(50), 3, token(51)
	filtered := history(views.RunFilter{Search: "load_file", Ending: "out_of_memory", Source: "discord", Notebook: token(50), App: token(52), Day: "last Tuesday"}, runLines()[3:4])
	filtered.DayFault = "That is no day. Write it as 2026-11-21."
	rf := frame("Runs", views.SectionRuns)
	return append(all,
		Named{"run-asking", page(asking(42, "Which player should I compare with? ", false))},
		Named{"run-asking-secret", page(asking(43, "", true))},
		Named{"run-full", page(full)},
		Named{"run-expired", page(gone)},
		Named{"run-gone-file", page(without)},
		Named{"run-cell", page(cell)},
		Named{"runs", views.Runs(rf, history(views.RunFilter{}, runLines()))},
		Named{"runs-one", views.Runs(rf, history(views.RunFilter{}, runLines()[:1]))},
		Named{"runs-filtered", views.Runs(rf, filtered)},
		Named{"runs-none-fits", views.Runs(rf, history(views.RunFilter{Search: hostile}, nil))},
		Named{"runs-empty", views.Runs(rf, views.RunsView{FormKey: "sample"})},
	)
}

// history is a page of runs that are some of many.
func history(f views.RunFilter, runs []views.RunLine) views.RunsView {
	for i := range runs {
		if i%3 == 1 {
			runs[i].Notebook, runs[i].Cell = "Raid night, week 47", i
		}
	}
	return views.RunsView{
		Runs: runs, Filter: f, Ever: true, Newer: len(runs) > 2, Older: len(runs) > 1,
		Notebooks: []views.Choice{{Value: token(50), Word: "Raid night, week 47"}, {Value: token(51), Word: hostile}},
		Apps:      []views.Choice{{Value: token(52), Word: "Guild helper"}},
	}
}

func books() []views.BookLine {
	return []views.BookLine{
		{ID: token(50), Name: "Raid night, week 47", Cells: 12, State: "running", Changed: now.Add(-2 * time.Minute), Now: now},
		{ID: token(51), Name: "לוח תוצאות " + longName, Cells: 1, State: "ready", Changed: now.Add(-3 * time.Hour), Now: now},
		{ID: token(52), Name: "Untitled", Changed: now.Add(-50 * time.Hour), Now: now},
	}
}

// allLimits are the limits of a real installation.
func allLimits() views.LimitsView {
	l := limits()
	l.WallMax, l.Tasks, l.Written, l.RunFiles, l.RunBytes = 5*time.Minute, 256, 64_000_000, 100, 256_000_000
	l.Kernels, l.Queue, l.Files, l.Idle, l.Facts, l.Extended = 2, 10, 5000, 15*time.Minute, 30*day, 7*day
	return l
}

func filesPages() []Named {
	f := frame("Files", views.SectionFiles)
	toasted := f
	toasted.Toasts = toastSamples()
	filtered := filesView(files())
	filtered.Filter = views.Filter{Search: hostile, Category: "data", Within: "24h", Sort: "-size"}
	filtered.All, filtered.Total, filtered.Page, filtered.From = 1284, 112, 2, 51
	nothing := filesView(nil)
	nothing.All, nothing.Filter = 1284, views.Filter{Search: hostile}
	return []Named{
		{"files", views.Files(toasted, filesView(append(files(), oddFiles()...)))},
		{"files-filtered", views.Files(f, filtered)},
		{"files-one", views.Files(f, filesView(files()[:1]))},
		{"files-none-fits", views.Files(f, nothing)},
		{"files-empty", views.Files(f, filesView(nil))},
		{"files-upload", dropping(f)},
	}
}

func packages() []views.Package {
	var all []views.Package
	for _, name := range []string{"duckdb", "matplotlib", "networkx", "numpy", "pandas", "pillow", "polars", "scikit-learn", "scipy", "seaborn", "sympy"} {
		all = append(all, views.Package{Name: name, Version: "2.3.1"})
	}
	return all
}

// problems is each answer that is an error, in web's words.
func problems() []views.ErrorView {
	front := &views.FrontView{Local: true, Return: "/files"}
	all := []views.ErrorView{
		{Status: 400, Title: "That cannot be used", What: "The code holds a NUL byte.", Safe: "Nothing was changed.", Next: "Correct it and try again."},
		{Status: 401, Title: "Sign in first", What: "Nobody is signed in in this browser.", Safe: "Your runs and files are kept.", Next: "Sign in to go on.", SignIn: front},
		{Status: 403, Title: "This came from another site", What: "The request did not come from one of Mayfly's own pages.", Next: "Open Mayfly and try there."},
		{Status: 404, Title: "There is nothing here", What: hostile, Next: "Check the address, or go back to the start."},
		{Status: 410, Title: "This is gone", Next: "Run the code again to make it anew."},
		{Status: 413, Title: "That is too large", What: "At most 1073741824 bytes are taken here.", Safe: "Nothing was changed.", Next: "Send less at once."},
		{Status: 429, Title: "Too often", What: "This was done too often in a short time.", Next: "Wait 12 s and try again."},
		{Status: 500, Title: "Something broke on our side", Safe: "Your runs and files are kept.", Next: "Try again. If it stays, tell whoever runs this Mayfly the request id."},
		{Status: 503, Title: "Mayfly is busy", Safe: "Your runs and files are kept.", Next: "Try again in a moment.", Action: "Try again", ActionURL: "/files", Retry: true},
	}
	for i := range all {
		all[i].RequestID = "01JD7XK3P9"
	}
	return all
}

func problemPages() []Named {
	var all []Named
	for _, p := range problems() {
		f := frame(p.Title, "")
		if p.Status == 401 {
			f = views.Frame{Title: p.Title}
		}
		all = append(all, Named{fmt.Sprintf("problem-%d", p.Status), views.Problem(f, p)})
	}
	closed := views.ErrorView{
		Status: 403, Title: "This Mayfly is for a closed circle", RequestID: "01JD7XK3P9",
		What: "You are signed in at Discord as " + hostile + ", but this Mayfly does not know you.",
		Next: "Ask the person who gave you this address to let you in: by inviting you to their Discord server, or by adding your Discord id " + person + ".",
	}
	return append(all, Named{"problem-stranger", views.Problem(views.Frame{Title: closed.Title}, closed)})
}
