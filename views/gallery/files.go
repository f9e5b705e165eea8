package gallery

import (
	"time"

	"mayfly/views"
	"mayfly/views/ui"
)

// now is the moment at which everything here is seen.
var now = time.Date(2026, 11, 21, 20, 14, 0, 0, time.UTC)

const (
	person   = "418237660214788097"
	marketID = "m2v9rak3q7x5hd2nwb4yt6cpje"
)

// Names that pages must bear.
const (
	longName   = "harbour_lights_season_07_full_combat_log_damage.csv"
	emojiName  = "🎉 giveaway winners.xlsx"
	hebrewName = "תוצאות הליגה.csv"
	deepName   = "out/plots/week 47/raid_dps_by_class_and_role_normalised_final_v2_really_final.png"
	noDotName  = "Makefile-without-any-extension-and-a-very-long-name-that-goes-on"
	hostile    = `<script>alert(1)</script><b hx-get="/x" hx-trigger="load">.csv`
)

type sample struct {
	name, icon, kind string
	size             int64
	version          int
	source, madeBy   string
	ago, left        time.Duration
}

func (s sample) line(n int) views.FileLine {
	f := views.FileLine{
		ID: person + "_1795291920_" + token(n), Name: s.name, Icon: s.icon, Type: s.kind, Size: s.size,
		Version: s.version, Source: s.source, MadeBy: s.madeBy, MadeAt: now.Add(-s.ago),
		Clock: ui.Clock{Expires: now.Add(s.left), Now: now},
	}
	if s.source != "upload" {
		f.RunID = marketID
	}
	return f
}

// token is a 26 letter word that differs for each n.
func token(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	word := []byte("k7w2mq4xd5vh3n6rtzb2yc4fpa")
	word[0], word[1] = letters[n/26%26], letters[n%26]
	return string(word)
}

const day = 24 * time.Hour

func samples() []sample {
	return []sample{
		{"raid_dps_by_class.png", "image", "PNG picture", 84_127, 1, "web", `fig.savefig("raid_dps_by_class.png")`, 2 * time.Minute, 47*time.Hour + 58*time.Minute},
		{longName, "table-2", "CSV table", 31_200_000, 1, "api", "summarise(load_file(\"combat_log.csv\"), by=[\"season\", \"class\", \"role\"])", time.Hour, 46*time.Hour + 59*time.Minute},
		{"week47_report.html", "app-window", "HTML page", 412_000, 1, "web", "save_report()", 2 * time.Hour, 46 * time.Hour},
		{"sales.csv", "table-2", "CSV table", 61_204, 2, "web", "df.to_csv(\"sales.csv\")", 20 * time.Hour, 28 * time.Hour},
		{"model.pkl", "atom", "Pickle", 9_400_000, 1, "web", "pickle.dump(model, f)", 26 * time.Hour, 22*time.Hour + 18*time.Minute},
		{"messages.parquet", "table-2", "Parquet table", 5_600_000, 1, "discord", "plot_weekly(…)", 40 * time.Hour, 8*time.Hour + 6*time.Minute},
		{"boss_kill_46.mp4", "film", "MP4 video", 22_000_000, 1, "upload", "", 43 * time.Hour, 5*time.Hour + 12*time.Minute + 30*time.Second},
		{"voice_minutes.json", "braces", "JSON", 6_100, 1, "api", "report(week=47)", 45 * time.Hour, 2*time.Hour + 45*time.Minute + 30*time.Second},
		{emojiName, "table-2", "Excel workbook", 18_000, 1, "upload", "", 47 * time.Hour, 37*time.Minute + 30*time.Second},
		{hebrewName, "table-2", "CSV table", 2_000, 1, "web", "טבלה.to_csv(path)", 47 * time.Hour, 9*time.Minute + 30*time.Second},
		{"season_06_frames.zip", "file-archive", "Zip archive", 48_000_000, 1, "discord", "render_replay(46)", 48 * time.Hour, 38 * time.Second},
		{"embeddings.npy", "atom", "NumPy array", 12_000_000, 1, "web", "np.save(\"embeddings.npy\", e)", 2 * day, 0},
	}
}

func files() []views.FileLine {
	var all []views.FileLine
	for i, s := range samples() {
		all = append(all, s.line(i))
	}
	return all
}

// oddFiles are names and ends that a row must bear too.
func oddFiles() []views.FileLine {
	odd := []sample{
		{deepName, "image", "PNG picture", 1_204_000, 12, "web", "", time.Minute, 47 * time.Hour},
		{noDotName, "file", "File", 0, 1, "web", "open(name, \"w\")", time.Minute, 47 * time.Hour},
		{hostile, "table-2", "CSV table", 999, 1, "api", hostile, time.Minute, 92 * time.Hour},
		{".env", "file", "File", 12, 1, "upload", "", time.Minute, 47 * time.Hour},
	}
	var all []views.FileLine
	for i, s := range odd {
		all = append(all, s.line(100+i))
	}
	deleted := samples()[3].line(120)
	deleted.Deleted = true
	return append(all, deleted)
}

func limits() views.LimitsView {
	return views.LimitsView{Wall: time.Minute, Memory: 512 << 20, FileMax: 50_000_000, Quota: 1_000_000_000, Lifetime: 2 * day}
}

func categories() []string {
	return []string{"image", "data", "text", "structured", "code", "archive", "html", "pdf", "scientific", "audio", "video", "file"}
}

func filesView(shown []views.FileLine) views.FilesView {
	v := views.FilesView{
		Files: shown, Total: len(shown), All: len(shown), Page: 1, From: 1, FileMax: 50_000_000, Free: 588_000_000,
		Quota: 1_000_000_000, Lifetime: 2 * day, Categories: categories(), FormKey: "sample",
	}
	for _, f := range shown {
		v.TotalBytes += f.Size
	}
	return v
}
