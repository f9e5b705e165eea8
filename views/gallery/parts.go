package gallery

import (
	"time"

	"mayfly/views"
	"mayfly/views/ui"
)

func frame(title string, active views.Section) views.Frame {
	return views.Frame{Title: title, Active: active, User: views.Person{ID: person, Name: "mira"}, Space: gauges()[0]}
}

func gauges() []ui.Gauge {
	return []ui.Gauge{
		{Label: "Storage", Used: "412 MB", Limit: "1 GB", Value: 412, Max: 1000},
		{Label: "Files", Used: "1,284", Limit: "5,000", Value: 1284, Max: 5000},
		{Label: "Interpreters", Used: "2", Limit: "2", Value: 2, Max: 2},
		{Label: "Queue", Used: "0", Limit: "10", Value: 0, Max: 10},
	}
}

// clockStates is each state and each boundary between two.
func clockStates() []ui.Clock {
	var all []ui.Clock
	for _, left := range []time.Duration{
		92 * time.Hour, 48*time.Hour + time.Second, 48 * time.Hour, 46*time.Hour + 30*time.Minute, 30 * time.Hour, 8*time.Hour + 6*time.Minute,
		6 * time.Hour, 5*time.Hour + 12*time.Minute, time.Hour, 37 * time.Minute, time.Minute, 38 * time.Second, time.Second, 0, -time.Hour,
	} {
		all = append(all, ui.Clock{Expires: now.Add(left), Now: now})
	}
	return all
}

type iconWord struct{ icon, word string }

func typeIcons() []iconWord {
	return []iconWord{
		{"image", "image"}, {"table-2", "data"}, {"file-text", "text"}, {"braces", "structured"}, {"file-code", "code"},
		{"file-archive", "archive"}, {"atom", "scientific"}, {"app-window", "html"}, {"book-open", "pdf"}, {"audio-lines", "audio"},
		{"film", "video"}, {"file", "file"},
	}
}

func sourceIcons() []iconWord {
	return []iconWord{{"globe", "Web"}, {"discord", "Discord"}, {"terminal", "API"}, {"upload", "Upload"}}
}

// outputRuns holds each kind of output once.
func outputRuns() []views.RunView {
	ok, bad := states()[2], states()[3]
	gone := run(259, ok)
	gone.OutputsExpired = true
	return []views.RunView{
		with(run(250, ok), printed("loaded sales.csv, version 2 (1,284 rows × 7 columns)\n"), warned(tqdm())),
		with(run(251, ok), printed(ansi), warned("frame.py:1842: PerformanceWarning: iterrows is slow on wide frames\n")),
		with(run(252, ok), shown(map[string]string{"text/html": table, "text/plain": "the same as text"})),
		with(run(253, bad), printed("before\n"), failed(traceback)),
		with(run(254, ok), printed(manyLines())),
		with(run(255, ok), printed(hostile+"\n"), shown(map[string]string{"text/plain": hostile})),
		with(run(256, states()[6]), printed("48,211 events\n"), noted("Mayfly: stopped here, 512 MiB reached.")),
		run(257, states()[1]),
		run(258, ok),
		gone,
	}
}

func everyFile() views.RunView {
	v := run(270, states()[6])
	v.Files, v.Refused = append(files(), oddFiles()...), refused()
	return v
}

func uploadLines() []views.UploadLine {
	return []views.UploadLine{
		{Name: "attendance_2026.csv", State: views.UploadKept, Percent: 100, Note: "kept until Mon 20:14"},
		{Name: "boss_kill_47.mp4", State: views.UploadGoing, Percent: 64, Note: "14.1 of 22 MB · 6 s left"},
		{Name: "harbour_lights_season_07_full_export.csv", State: views.UploadWaiting, Note: "waiting"},
		{Name: "all_replays.zip", State: views.UploadRefused, Note: "Not kept: 71 MB, over 50 MB a file."},
	}
}

func toastSamples() []views.Toast {
	one := views.Deleted([]string{"season_05.csv"}, []string{files()[0].ID}, views.FilesPath)
	many := views.Deleted([]string{"a.csv", "b.csv"}, []string{files()[1].ID, files()[2].ID}, views.FilesPath)
	kept := views.Toast{Icon: "check", Subject: hostile, Text: "is back"}
	fault := views.Toast{Icon: "circle-alert", Text: "That is over a limit. What you have is kept. Make room or wait, then try again.", Request: "01JD7XK3P9"}
	all := []views.Toast{one, many, kept, fault}
	for i := range all {
		all[i].Stay = true
	}
	return all
}
