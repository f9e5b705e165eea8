package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"mayfly/models"
)

func TestLargeOutputComesWhenItIsLookedAt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "print")
	run := r.begin(r.queueCell(n, 0).ID)
	var lines strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&lines, "line %d\n", i)
	}
	r.say(run.ID, models.Output{Seq: 1, Stream: "stdout", Text: lines.String()})
	r.finish(run, models.Verdict{Ending: models.OK, LogBytes: int64(lines.Len()), OutputBytes: int64(lines.Len())})
	page := ada.get("/notebooks/" + string(n.ID)).want(200)
	if len(page.body) > 60_000 || page.page().Find(".cell-late a").Length() != 1 {
		t.Errorf("the page has %d bytes", len(page.body))
	}
	out := ada.do(part(ada.request(http.MethodGet, "/cells/"+string(n.Cells[0].ID)+"/output", nil))).want(200)
	if len(out.body) > 60_000 || !strings.Contains(out.body, "line 99999") || !strings.Contains(out.body, "99,9") {
		t.Errorf("the output has %d bytes: %.600s", len(out.body), out.body)
	}
}
