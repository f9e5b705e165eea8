package gallery

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"mayfly/views"
)

const hash = "9f2c71e4a05b3c8d12f7e6904ab1c3d5e7f80912a3b4c5d6e7f8091a2b3cb08d"

// filePages are a file of each kind, and what stays of those that are gone.
func filePages() []Named {
	page := func(v views.FileView) templ.Component {
		v.SHA256, v.Lifetime = hash, 2*day
		return views.File(frame(v.File.Name, views.SectionFiles), v)
	}
	made := line(3, states()[2], "web", `df.to_csv("sales.csv", index=False)`, 20*time.Hour, 2)
	old := samples()[3]
	old.version, old.ago, old.left = 1, 23*time.Hour, 25*time.Hour
	versions := []views.FileLine{files()[3], old.line(130)}
	hostileMade := made
	hostileMade.Line = hostile
	return []Named{
		{"file-table", page(views.FileView{File: files()[3], MediaType: "text/csv", LoadGives: "a DataFrame", Run: &made, Loaded: files()[11:], Versions: versions, Text: "day,item,gold\n2026-11-20,Lantern oil,1840\n", TextCut: true})},
		{"file-picture", page(views.FileView{File: files()[0], MediaType: "image/png", LoadGives: "a PIL picture", Run: &made, Versions: files()[:1], ImageShown: true})},
		{"file-upload", page(views.FileView{File: files()[8], MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", LoadGives: "a DataFrame"})},
		{"file-hebrew", page(views.FileView{File: files()[9], MediaType: "text/csv", Run: &made})},
		{"file-last-minute", page(views.FileView{File: files()[10], MediaType: "application/zip", Run: &made})},
		{"file-long", page(views.FileView{File: oddFiles()[0], MediaType: "image/png", Run: &made, Loaded: append(files(), oddFiles()...)})},
		{"file-hostile", page(views.FileView{File: oddFiles()[2], MediaType: "text/csv", Run: &hostileMade, Loaded: oddFiles(), Text: strings.Repeat(hostile+"\n", 3)})},
		{"tombstone-expired", tombstone(samples()[11].line(11), outOfMemoryCode, files()[:1])},
		{"tombstone-deleted", tombstone(oddFiles()[4], hostile, nil)},
		{"tombstone-upload", tombstone(goneUpload(), "", nil)},
		{"tombstone-forgotten", tombstone(oddFiles()[2], "", nil)},
	}
}

func goneUpload() views.FileLine {
	s := samples()[8]
	s.ago, s.left = 60*time.Hour, -12*time.Hour
	return s.line(140)
}

func tombstone(f views.FileLine, code string, newer []views.FileLine) templ.Component {
	v := views.TombstoneView{
		File: f, MediaType: "image/png", SHA256: hash, GoneAt: now.Add(-2*time.Hour - 12*time.Minute), Now: now,
		KnownUntil: now.Add(30 * day), Lifetime: 2 * day, Code: code, Newer: newer,
	}
	if code != "" {
		v.Loaded = files()[3:5]
	}
	return views.Tombstone(frame(f.Name, views.SectionFiles), v)
}
