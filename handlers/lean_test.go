package handlers_test

import (
	"fmt"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// TestPagesAskTheirQuestionsTogether: a round trip to the database costs more than
// most of its answers. Beside them each page asks for its session.
func TestPagesAskTheirQuestionsTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	r.keep(ada.id, "a.csv", "1", r.done(ada.id, "print(1)").ID)
	texts := make([]string, 30)
	for i := range texts {
		texts[i] = fmt.Sprintf("print(%d)", i)
	}
	n := r.notebook(ada.id, texts...)
	said := r.begin(r.queueCell(n, 0).ID)
	r.say(said.ID, models.Output{Seq: 1, Stream: "stdout", Text: "0\n"})
	r.finish(said, models.Verdict{Ending: models.OK})
	for i := range 29 {
		r.queueCell(n, i+1)
	}
	book := "/notebooks/" + string(n.ID)
	counted, asked := testkit.Counted(t, r.pool, models.DefaultLimits())
	r.app.Store = counted
	for _, page := range []struct {
		path              string
		trips, statements int
	}{
		{book, 2, 8}, // what was said is read once, and then known
		{book, 1, 7},
		{"/", 1, 5},
		{"/files", 1, 3},
	} {
		asked.Since()
		ada.get(page.path).want(200)
		if trips, statements := asked.Since(); trips > page.trips || statements > page.statements {
			t.Errorf("%s asks %d questions in %d round trips, more than %d in %d", page.path, statements, trips, page.statements, page.trips)
		}
	}
}
