package ui

import (
	"testing"
	"time"
)

func TestSizes(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 KB", 2_000: "2.0 KB", 9_949: "9.9 KB", 9_951: "10 KB", 84_127: "84 KB", 999_499: "999 KB",
		999_500: "1.0 MB", 1_200_000: "1.2 MB", 50_000_000: "50 MB", 1_000_000_000: "1 GB", 1_500_000_000: "1.5 GB", 5_000_000_000_000: "5.0 TB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("%d bytes are %q, want %q", bytes, got, want)
		}
	}
	for bytes, want := range map[int64]string{0: "0 MiB", 1: "1 MiB", 143 << 20: "143 MiB", 512 << 20: "512 MiB", 4 << 30: "4,096 MiB"} {
		if got := Memory(bytes); got != want {
			t.Errorf("%d bytes of memory are %q, want %q", bytes, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		310 * time.Millisecond: "0.31 s", 1840 * time.Millisecond: "1.84 s", 9996 * time.Millisecond: "10.0 s",
		38 * time.Second: "38.0 s", 60 * time.Second: "60.0 s", 300 * time.Second: "300 s",
	} {
		if got := Seconds(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{time.Minute: "60 s", 5 * time.Minute: "5 min", 48 * time.Hour: "48 h", 3 * time.Second: "3 s", 90 * time.Second: "90 s"} {
		if got := Limit(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration][2]string{
		-time.Second:      {"now", "less than a minute"},
		59 * time.Second:  {"now", "less than a minute"},
		time.Minute:       {"1 min", "1 min"},
		132 * time.Minute: {"2 h", "2 h 12 min"},
		23 * time.Hour:    {"yesterday", "23 h 0 min"},
		47 * time.Hour:    {"2 d", "47 h 0 min"},
		72 * time.Hour:    {"3 d", "3 days"},
	} {
		if ago, since := Ago(now.Add(-d), now), Since(now.Add(-d), now); ago != want[0] || since != want[1] {
			t.Errorf("%v: %q and %q, want %q", d, ago, since, want)
		}
	}
}

func TestFirstLine(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"":                                 "",
		"\n\n":                             "",
		"import pandas as pd\n":            "import pandas as pd",
		"# notes\nimport x\n  df.plot()\n": "df.plot()",
		"# only notes":                     "# only notes",
	} {
		if got := FirstLine(code); got != want {
			t.Errorf("%q is called %q, want %q", code, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files", 1284: "1,284 files"} {
		if got := Plural(n, "file"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
