package gallery

import (
	"fmt"
	"strings"
	"time"

	"mayfly/views"
)

const outOfMemoryCode = `import numpy as np, pandas as pd

log = load_file("combat_log.csv")
print(f"{len(log):,} events")
log.head(2000).to_csv("sample_events.csv", index=False)
log["zone"].value_counts().to_csv("events_by_zone.csv")
log.to_json("all_events.json")
for zone, part in log.groupby("zone"):
    print(zone, f"{len(part):,}")

# distance from every event to every other event
grid = np.zeros((len(log), len(log)))
for i, row in tqdm(log.iterrows(), total=len(log)):
    grid[i] = np.hypot(log.x - row.x, log.y - row.y)
`

// state is one way a run can be, with its words.
type state struct{ state, ending, headline, advice string }

// name is the ending, or the state of a run that has none yet.
func (s state) name() string {
	if s.ending == "" {
		return s.state
	}
	return s.ending
}

func states() []state {
	return []state{
		{"queued", "", "", ""},
		{"running", "", "", ""},
		{"done", "ok", "Done in 1.84 s.", ""},
		{"done", "raised", "KeyError on line 2: 'brust'", "Files written before that line are kept."},
		{"done", "interrupted", "You stopped it after 21.7 s.", "What it printed and saved until then is kept."},
		{"done", "timed_out", "Stopped at the 60 s limit.", "Files it had finished are kept. Try less work at a time."},
		{"done", "out_of_memory", "Stopped at 512 MiB after 3.20 s.", "The code asked for more memory than one run may have. Files it had finished are kept. Try fewer rows at a time or a smaller dtype."},
		{"done", "output_cap", "Stopped after writing 64 MB of output.", "The beginning is kept. Print less, or write to a file."},
		{"done", "killed", "The interpreter died after 0.80 s (signal 11).", "Files it had finished are kept."},
		{"done", "lost", "The machine that ran it went away.", "Files saved before are safe. It is not run again by itself: code runs at most once."},
		{"done", "cancelled", "Taken out of the queue before it ran.", "Nothing was run."},
	}
}

// run is a run in a state, without output or files.
func run(n int, s state) views.RunView {
	v := views.RunView{
		ID: token(n), Short: token(n)[:6], Source: "web", State: s.state, Ending: s.ending, Headline: s.headline, Advice: s.advice,
		Code: outOfMemoryCode, QueuedAt: now.Add(-time.Hour), Now: now, WallLimit: time.Minute, MemoryLimit: 512 << 20,
		UserName: "mira", FormKey: "sample", Transcript: views.NewTranscript(token(n), false),
	}
	switch s.state {
	case "queued":
		v.Position, v.QueuedAt = 2, now.Add(-4*time.Second)
	case "running":
		v.StartedAt, v.PeakMemory = now.Add(-12400*time.Millisecond), 146<<20
		v.QueuedAt = v.StartedAt.Add(-100 * time.Millisecond)
	default:
		v.StartedAt, v.FinishedAt = v.QueuedAt.Add(100*time.Millisecond), v.QueuedAt.Add(1940*time.Millisecond)
		v.Wall, v.CPU, v.PeakMemory = 1840*time.Millisecond, 1620*time.Millisecond, 143<<20
	}
	return v
}

// with adds output.
func with(v views.RunView, rows ...views.OutputRow) views.RunView {
	for i := range rows {
		rows[i].Seq = i + 1
		v.OutputBytes += int64(len(rows[i].Text))
	}
	v.Transcript.Add(rows...)
	return v
}

func printed(text string) views.OutputRow { return views.OutputRow{Stream: "stdout", Text: text} }

func warned(text string) views.OutputRow { return views.OutputRow{Stream: "stderr", Text: text} }

func shown(bundle map[string]string) views.OutputRow {
	return views.OutputRow{Stream: "display", Bundle: bundle}
}

func noted(text string) views.OutputRow { return views.OutputRow{Stream: "note", Text: text} }

func failed(text string) views.OutputRow { return views.OutputRow{Stream: "failure", Text: text} }

// tqdm is a progress bar as it arrives: each state writes over the one before.
func tqdm() string {
	var out strings.Builder
	for done := 1; done <= 4; done++ {
		fmt.Fprintf(&out, "\rdays: %3d%%|%-23s| %d/7 [00:12<00:09,  3.1 s/it]", done*100/7, strings.Repeat("█", done*23/7), done)
	}
	return out.String()
}

const ansi = "\x1b[1mbold\x1b[0m \x1b[31mred\x1b[0m \x1b[32mgreen\x1b[0m \x1b[33myellow\x1b[0m \x1b[34mblue\x1b[0m \x1b[38;5;208morange\x1b[0m \x1b[7minverse\x1b[0m\n"

const traceback = "Traceback (most recent call last):\n  File \x1b[32m\"<cell>\"\x1b[0m, line 2, in <module>\n    score = df[\"burst\"] * weights[\"brust\"]\n                          ~~~~~~~^^^^^^^^^\n\x1b[31mKeyError\x1b[0m: 'brust'"

const table = `<table border="1" class="dataframe"><thead><tr><th></th><th>night</th><th>player</th><th>casts</th><th>dps_k</th></tr></thead>` +
	`<tbody><tr><th>0</th><td>2026-11-20</td><td>Aster</td><td>412</td><td>51.8</td></tr>` +
	`<tr><th>1</th><td>2026-11-20</td><td>José 🦀</td><td>377</td><td>44.6</td></tr>` +
	`<tr><th>2</th><td>2026-11-20</td><td>نور</td><td>1,388</td><td>29.6</td></tr></tbody></table><p>1,284 rows × 4 columns</p>`

// manyLines is more than a page shows.
func manyLines() string {
	var out strings.Builder
	for i := range 308 {
		fmt.Fprintf(&out, "Zone %d: %d events\n", i+1, (i*7919)%1000)
	}
	return out.String()
}

func refused() []views.RefusedFile {
	return []views.RefusedFile{
		{Name: "all_events.json", Size: 71_000_000, Reason: "over 50 MB a file"},
		{Name: longName, Size: 0, Reason: "a link, not a file"},
	}
}

// asking is a run that waits for input.
func asking(n int, prompt string, secret bool) views.RunView {
	v := with(run(n, states()[1]), printed("48,211 events\n"))
	v.State, v.Paused = "asking", 3*time.Second
	v.Question = &views.QuestionView{Number: 2, Prompt: prompt, Secret: secret, Until: now.Add(10 * time.Minute), New: true}
	return v
}

// line is a run in a list.
func line(n int, s state, source, code string, ago time.Duration, made int) views.RunLine {
	l := views.RunLine{ID: token(n), Short: token(n)[:6], Source: source, State: s.state, Ending: s.ending, Line: code, Files: made, At: now.Add(-ago), Now: now}
	switch s.state {
	case "queued":
		l.Position = 2
	case "running", "asking":
		l.Elapsed = 41 * time.Second
	default:
		l.Wall = 1840 * time.Millisecond
	}
	return l
}

func runLines() []views.RunLine {
	s := states()
	return []views.RunLine{
		line(1, s[2], "discord", `plot_weekly(load_file("messages.parquet"), since="2026-11-01", title="Messages by week")`, 6*time.Minute, 3),
		line(2, s[3], "web", `pd.read_csv(get_file_path("sales.csv"))`, 18*time.Minute, 0),
		line(3, s[2], "api", `report(week=47, guild="harbour-lights")`, time.Hour, 12),
		line(4, s[6], "discord", "grid = np.zeros((len(log), len(log)))", 2*time.Hour, 2),
		line(5, s[5], "discord", "while True: pass", 5*time.Hour, 0),
		line(6, s[4], "web", hostile, 8*time.Hour, 1),
		line(7, s[9], "cli", "", 30*time.Hour, 0),
		line(8, s[10], "web", "שלום = 1", 4*day, 0),
	}
}
