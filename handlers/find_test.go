package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/models"
)

// TestThePaletteFindsWhatIsOnesOwn: files and notebooks by the letters of their
// names, as rows that lead to them; and nobody else's.
func TestThePaletteFindsWhatIsOnesOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	file := r.keep(ada.id, `raid "night" & <b>.csv`, "x")
	book, err := r.store.MakeNotebook(t.Context(), ada.id, models.NewNotebook{Name: "Raid night"})
	if err != nil {
		t.Fatal(err)
	}
	find := func(p *person, text string) (rows []string) {
		p.do(part(p.request(http.MethodGet, "/find?q="+text, nil))).want(http.StatusOK).page().Find(".palette-row").Each(func(_ int, row *goquery.Selection) {
			rows = append(rows, row.AttrOr("data-name", "")+" → "+row.AttrOr("href", ""))
		})
		return rows
	}
	want := []string{`raid "night" & <b>.csv → /files/` + string(file.ID), "Raid night → /notebooks/" + string(book.ID)}
	for _, text := range []string{"", "rdnight", "RAID"} {
		if rows := find(ada, text); !slices.Equal(rows, want) {
			t.Errorf("%q finds %q, want %q", text, rows, want)
		}
	}
	if rows := find(bob, "raid"); len(rows) > 0 {
		t.Errorf("a stranger finds %q", rows)
	}
	if a := ada.get("/find?q=a+b"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/files?q=a+b" {
		t.Errorf("without script: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
}
