package models_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"mayfly/models"
)

var update = flag.Bool("update", false, "write the table of file types into the guide")

func TestTheTableOfExtensions(t *testing.T) {
	t.Parallel()
	seen, categories := map[string]bool{}, map[string]bool{}
	for _, row := range models.FileTypes() {
		if seen[row.Extension] || row.Extension != strings.ToLower(row.Extension) || !strings.HasPrefix(row.Extension, ".") ||
			row.Words == "" || row.MediaType == "" || row.Icon == "" || row.Loads() == "" {
			t.Errorf("row %+v loads %q", row, row.Loads())
		}
		seen[row.Extension], categories[row.Category] = true, true
		if row.Inline && (row.Category == "html" || row.Category == "pdf" || row.Category == "code" || row.MediaType == "image/svg+xml") {
			t.Errorf("SEC-53: %s may act and is inline", row.Extension)
		}
		if !slices.Contains(models.Categories(), row.Category) {
			t.Errorf("%s has category %q, which is none", row.Extension, row.Category)
		}
	}
	if len(seen) < 200 {
		t.Errorf("%d extensions", len(seen))
	}
	for _, c := range models.Categories() {
		if c != "file" && !categories[c] {
			t.Errorf("no extension has category %s", c)
		}
	}
}

func TestEveryNameHasAType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"A.CSV": {"data", "a DataFrame"}, "p.pickle": {"scientific", "the object"}, "noext": {"file", "bytes"}, "a.weird": {"file", "bytes"},
		"x.tar.gz": {"archive", "a TarFile, to list and read from"}, "x.csv.GZ": {"archive", "a DataFrame"}, ".gz": {"archive", "what the name without this ending gives, else the bytes inside"},
		"x.weird.gz": {"archive", "what the name without this ending gives, else the bytes inside"}, "dir.csv/x": {"file", "bytes"},
	} {
		if got := models.TypeOf(name); got.Category != want[0] || got.Loads() != want[1] {
			t.Errorf("%s is %s and loads %s, not %v", name, got.Category, got.Loads(), want)
		}
	}
}

func TestEveryIconOfTheTableIsDrawn(t *testing.T) {
	t.Parallel()
	names, err := os.ReadFile("../views/ui/icons/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	drawn := strings.Fields(string(names))
	for _, row := range append(models.FileTypes(), models.TypeOf("unknown")) {
		if !slices.Contains(drawn, row.Icon) {
			t.Errorf("%s has icon %s, which is not drawn", row.Extension, row.Icon)
		}
	}
}

func TestTheGuestGetsTheTable(t *testing.T) {
	t.Parallel()
	laid, err := models.GuestLoaders()
	if err != nil {
		t.Fatal(err)
	}
	var loaders map[string]string
	if err := json.Unmarshal(laid, &loaders); err != nil {
		t.Fatal(err)
	}
	for _, row := range models.FileTypes() {
		if loaders[row.Extension[1:]] != row.Loader {
			t.Errorf("%s: %q", row.Extension, loaders[row.Extension[1:]])
		}
	}
	if len(loaders) != len(models.FileTypes()) {
		t.Errorf("%d rows", len(loaders))
	}
}

const (
	guide      = "../docs/GENERATED_FILES_GUIDE.md"
	tableBegin = "<!-- The table is written by: go test ./models -run TestTheGuideHasTheTable -update -->\n"
	tableEnd   = "<!-- end of the table -->\n"
)

func TestTheGuideHasTheTable(t *testing.T) { //nolint:paralleltest // may write the guide
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(text), tableBegin)
	_, after, ended := strings.Cut(rest, tableEnd)
	if !begun || !ended {
		t.Fatalf("%s has lost the marks around its table", guide)
	}
	fresh := before + tableBegin + guideTable() + tableEnd + after
	if fresh == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s does not say what the table of package models says; the line above the table tells how to write it anew", guide)
	}
	if err := os.WriteFile(guide, []byte(fresh), 0o644); err != nil { //nolint:gosec // a document
		t.Fatal(err)
	}
}

// guideTable groups the extensions that agree in everything else.
func guideTable() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d extensions; any other is category `file` and loads as bytes.\n", len(models.FileTypes()))
	for _, category := range models.Categories() {
		rows := map[string][]string{}
		for _, row := range models.FileTypes() {
			if row.Category == category {
				key := fmt.Sprintf("%s | %s | %s | %s", row.Words, row.MediaType, row.Icon, row.Loads())
				rows[key] = append(rows[key], "`"+row.Extension+"`")
			}
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n| Extensions | What it is | Media type | Icon | load_file gives |\n|---|---|---|---|---|\n", category)
		for _, key := range slices.Sorted(maps.Keys(rows)) {
			fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(rows[key], " "), key)
		}
	}
	b.WriteString("\n")
	return b.String()
}
