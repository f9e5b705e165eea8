package gallery

import (
	"fmt"
	"strings"
	"time"

	"mayfly/sandbox"
	"mayfly/views"
)

const burstCode = `weights = {"burst": 3, "sustain": 1}
score = df["burst"] * weights["brust"]
score.describe()`

const plotCode = `fig, ax = plt.subplots(figsize=(8.6, 3.6))
for name, part in df.groupby("class"):
    ax.plot(part["t"], part["dps_k"].rolling(5).mean(), label=name)
ax.axvspan(210, 265, alpha=.1)
fig.savefig("raid_dps_by_class.png")
df.to_parquet("dps_clean.parquet")`

const proseText = "## Who carried the burst window?\n\nLogs from **Friday's raid**. Source is `combat_log.csv`, dropped here by Tomek on Discord. The window opens at **3:30** and lasts 55 seconds."

const mathText = "Each zone of $n$ events has the mean $\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i$; tickets cost $5 and $6.\n\n" +
	"$$\n\\int_{0}^{\\infty} e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}, \\qquad A = \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}\n$$\n\n" +
	"One that is not finished: $\\frac{a$."

// codeCell is a cell of code that was never run.
func codeCell(n int, text string) views.CellView {
	return views.CellView{ID: token(300 + n), Notebook: token(299), Kind: "code", Text: text, Version: 3, Place: n, Of: 20, Validity: "fresh", FormKey: "sample"}
}

// ranCell is one that was, with what its run says.
func ranCell(n int, text string, s state, rows ...views.OutputRow) views.CellView {
	c := codeCell(n, text)
	v := with(run(300+n, s), rows...)
	c.Run, c.Validity = &v, "current"
	return c
}

// cellStates is a cell in each state.
func cellStates() []views.CellView {
	s := states()
	queued, second := ranCell(2, `save_report("week47.html")`, s[0]), ranCell(3, "rest()", s[0])
	second.Line, second.Behind = 2, 2
	running := ranCell(4, "seasons = [load_file(f\"season_{n:02}.parquet\") for n in range(1, 8)]\nfor s in tqdm(seasons, desc=\"fitting\"):\n    model.partial_fit(s)", s[1], warned(tqdm()))
	running.Previous = 14 * time.Second
	waiting := codeCell(5, "name = input(\"Which player should I compare with? \")\ncompare(df, name)")
	ask := asking(305, "Which player should I compare with? ", false)
	waiting.Run, waiting.Validity = &ask, "current"
	described := shown(map[string]string{"image/png": "iVBORw0KGgo="})
	described.About = "Damage of each class over six minutes. All three peak in the burst window."
	done := ranCell(6, plotCode, s[2], shown(map[string]string{"image/png": "iVBORw0KGgo="}), described)
	done.Run.InNotebook = true
	done.Previous, done.Run.Files = 2100*time.Millisecond, files()[:2]
	raised := ranCell(7, burstCode, s[3], failed(traceback))
	raised.Exception, raised.ErrorLine = "KeyError", 2
	raised.Run.Where, raised.Run.Around = "cell 7, line 2", views.LinesAround(burstCode, 2)
	stale := ranCell(8, "ranked = df.groupby(\"player\")[\"dps_k\"].mean().nlargest(10)\nranked.round(1).to_dict()", s[2], printed("{'Aster': 51.8, 'Ffion': 49.2, 'José 🦀': 44.6, 'Mirela': 41.1, …}\n"))
	stale.Validity, stale.Before = "stale", 1
	left := ranCell(22, "total = df[\"dps_k\"].sum()\ntotal", s[2], printed("18,204\n"))
	left.Validity, left.Left = "stale", "restart"
	own := ranCell(9, "print(2)", s[3], failed(traceback))
	own.Validity, own.Own, own.Exception = "stale", true, "KeyError"
	gone := ranCell(10, "load_file(\"old.csv\").head()", s[2], printed("a table\n"))
	gone.Validity = "input_expired"
	long := ranCell(11, "for i in range(308):\n    print(i)", s[2], printed(manyLines()))
	late := ranCell(12, "print('x' * 9_800_000)", s[2])
	late.Lazy, late.Run.OutputBytes = true, 9_800_000
	all := []views.CellView{codeCell(1, "df = load_file(\"combat_log.csv\")"), queued, second, running, waiting, done, raised, stale, own, gone, long, late}
	for i, ending := range s[4:10] {
		all = append(all, ranCell(13+i, "grid[i] = np.hypot(log.x - row.x, log.y - row.y)", ending, printed("Zone 1: 48 events\n")))
	}
	return append(all, textCell(19, proseText), textCell(20, ""), left, textCell(23, mathText))
}

func textCell(n int, text string) views.CellView {
	c := codeCell(n, text)
	c.Kind, c.Validity = "markdown", ""
	return c
}

// tableOf is a page of a table as a kernel shows it.
func tableOf(rows int) views.OutputRow {
	var body []string
	for i, name := range []string{"Aster", "Ffion", "José 🦀", "Mirela", "Óðinn", "نور"} {
		body = append(body, fmt.Sprintf(`{"index":["%d"],"cells":["2026-11-20",%q,"%d",null]}`, i, name, 412-i*9))
	}
	text := fmt.Sprintf(`{"id":"t1","kind":"pandas","rows":%d,"columns":4,"from":0,"column":0,"index":[""],"head":[{"name":["night"],"dtype":"object"},`+
		`{"name":["player"],"dtype":"object"},{"name":["casts"],"dtype":"int64","right":true},{"name":["uptime"],"dtype":"float64","right":true}],"body":[%s]}`,
		rows, strings.Join(body, ","))
	return shown(map[string]string{sandbox.TableMIME: text})
}

// raidCells is a notebook as people have it.
func raidCells() []views.CellView {
	all := cellStates()
	frame := ranCell(21, "import pandas as pd\n\ndf = load_file(\"combat_log.csv\")        # newest live version\ndf.sort_values(\"dps_k\", ascending=False).head(50)", states()[2], tableOf(1284))
	frame.Run.Pages, frame.Previous = true, 440*time.Millisecond
	picked := []views.CellView{all[18], frame, all[5], all[7], all[6], all[3], all[4], all[2]}
	for i := range picked {
		picked[i].Place, picked[i].Of = i+1, len(picked)
	}
	return picked
}

func notebook(name string, cells []views.CellView) views.NotebookView {
	return views.NotebookView{
		ID: token(299), Name: name, Cells: cells, Limits: limits(), Python: "3.11.2", Packages: 142, FormKey: "sample", At: now.UnixMicro(), Cursor: "n1.sample",
		Kernel: views.KernelView{State: "none", Idle: 15 * time.Minute, Limit: 512 << 20},
	}
}

// sheet is a table that cannot be had whole.
func sheet() views.SheetView {
	page, err := sandbox.ParseTable(tableOf(1284).Bundle[sandbox.TableMIME])
	if err != nil {
		panic(err) // it is written above
	}
	return views.SheetView{Run: token(21), Seq: 1, Table: page, Back: "/notebooks", Why: "The interpreter does not hold this table any more. Run the cell again to have all of it."}
}

func notebookPages() []Named {
	f := frame("Raid night, week 47", views.SectionNotebooks)
	f.Narrow = true
	page := func(v views.NotebookView) Named { return Named{Page: views.Notebook(f, v)} }
	full := notebook("Raid night, week 47", raidCells())
	full.Live, full.Files = true, placed(files()[:7])
	full.Kernel = views.KernelView{State: "busy", Idle: 15 * time.Minute, Memory: 312 << 20, Limit: 512 << 20}
	states := notebook(hostile, cellStates())
	states.Kernel.State, states.Kernel.Why, states.Kernel.Lost = "asleep", "The interpreter was closed after 15 min without a run.", "Its variables are lost: df, fig, ax. Run the cells above again."
	states.Bin = []views.BinnedCell{{ID: token(398), Line: hostile, Until: now.Add(47 * time.Hour)}, {ID: token(397), Until: now.Add(time.Hour)}}
	one := codeCell(1, "")
	one.Of = 1
	ready := notebook(strings.Repeat("A long name of a notebook ", 7), []views.CellView{one})
	ready.Kernel = views.KernelView{State: "ready", Idle: 15 * time.Minute, Left: 14*time.Minute + 12*time.Second, Memory: 87 << 20, Limit: 512 << 20}
	ready.Files, ready.Warming = placed(append(files(), oddFiles()...)), "Python is warming up: about 4 s more. Your run starts by itself."
	ready.Files = append(readyFiles(), ready.Files...)
	list := frame("Notebooks", views.SectionNotebooks)
	lines := notebookLines()
	named := map[string]Named{"notebook": page(full), "notebook-states": page(states), "notebook-one": page(ready), "notebook-empty": page(notebook("Untitled", nil))}
	var all []Named
	for _, name := range []string{"notebook", "notebook-states", "notebook-one", "notebook-empty"} {
		all = append(all, Named{name, named[name].Page})
	}
	all = append(all, Named{"sheet-instead", views.SheetInstead(frame("Not the whole table", views.SectionNotebooks), sheet())})
	conflict := views.ConflictView{Cell: token(301), Notebook: token(299), Place: 4, Version: 7, Theirs: burstCode, Mine: hostile, Words: "This cell was changed elsewhere since you opened it. Nothing is lost: both texts are here. Keep one of them."}
	table := views.TableView{Run: token(302), Seq: 1, Back: "/notebooks/" + token(299), Table: &sandbox.Table{ID: "t", Rows: 10_000, Columns: 500, From: 40, Column: 50,
		Head: []sandbox.TableCol{{Name: []string{hostile}, Dtype: "object"}}, Body: []sandbox.TableRow{{Cells: []*string{nil}}}}}
	asks := views.RestartView{Notebook: token(299), Name: hostile, Kernel: views.KernelView{State: "busy", Names: "df, fig, " + hostile}, FormKey: "sample"}
	rests := views.RestartView{Notebook: token(299), Name: "Raid night, week 47", Kernel: ready.Kernel, RunAll: true, FormKey: "sample"}
	return append(all,
		Named{"notebook-restart", views.Restart(list, asks)},
		Named{"notebook-restart-all", views.Restart(list, rests)},
		Named{"notebooks", views.Notebooks(list, views.NotebooksView{Notebooks: lines[:4], Bin: lines[4:], Most: 200})},
		Named{"notebooks-one", views.Notebooks(list, views.NotebooksView{Notebooks: lines[:1], Most: 200})},
		Named{"notebooks-full", views.Notebooks(list, views.NotebooksView{Notebooks: lines, Most: 5})},
		Named{"notebooks-empty", views.Notebooks(list, views.NotebooksView{Most: 200})},
		Named{"notebook-conflict", views.Conflict(list, conflict)},
		Named{"notebook-table", views.Table(list, table)},
	)
}

// placed gives files the cells that made them.
func placed(all []views.FileLine) []views.FileLine {
	for i := range all {
		if all[i].RunID != "" {
			all[i].CellPlace = i%7 + 1
		}
	}
	return all
}

func notebookLines() []views.NotebookLine {
	line := func(n int, name string, cells int, ago time.Duration, kernel string) views.NotebookLine {
		return views.NotebookLine{ID: token(400 + n), Name: name, Cells: cells, Changed: now.Add(-ago), Now: now, Kernel: views.KernelView{State: kernel}}
	}
	binned := line(5, "Draft of the report", 3, 30*time.Hour, "none")
	binned.Until = now.Add(18 * time.Hour)
	return []views.NotebookLine{
		line(1, "Raid night, week 47", 12, time.Minute, "busy"),
		line(2, "Raid night, week 46", 9, 30*time.Hour, "asleep"),
		line(3, strings.Repeat("A long name of a notebook ", 7), 500, 5*day, "ready"),
		line(4, hostile, 1, 40*day, "none"),
		binned,
	}
}

// readyFiles are files that have just been dropped on a notebook, with the cells
// that are offered for them.
func readyFiles() []views.FileLine {
	table, archive := files()[3], oddFiles()[0]
	table.ID, archive.ID = "100_1795290000_"+token(396), "100_1795290000_"+token(395)
	table.Source, archive.Source, table.MadeAt, archive.MadeAt = "upload", "upload", now.Add(-time.Minute), now
	table.Ready = []views.ReadyCell{
		{Words: "Load", Code: "df = load_file(\"a.csv\")"}, {Words: "Describe", Code: "df.describe()"}, {Words: "Plot", Code: "df.plot()"},
	}
	archive.Ready = []views.ReadyCell{{Words: "List what is in it", Code: hostile}}
	return []views.FileLine{table, archive}
}
