package runner

import (
	"fmt"
	"testing"

	"mayfly/models"
	"mayfly/sandbox"
)

// TestDisplaysAreBounded: of too many names the oldest go, and of one name's places.
func TestDisplaysAreBounded(t *testing.T) {
	t.Parallel()
	d := &displays{}
	for i := range 3 * displaysMost {
		d.remember(models.RunID(fmt.Sprint(i)), map[string][]*named{fmt.Sprint(i): {{seq: 1}}, "again": {{seq: i}, {seq: i + 1}}})
	}
	if len(d.places) > displaysMost || len(d.order) != len(d.places) || len(d.of("0")) != 0 || len(d.of(fmt.Sprint(3*displaysMost-1))) != 1 {
		t.Errorf("%d names, %d in order", len(d.places), len(d.order))
	}
	if n := len(d.of("again")); n > placesMost {
		t.Errorf("a name has %d places", n)
	}
	rec := &recorder{run: &models.Run{ID: "r"}, named: map[string][]*named{}, earlier: &displays{}}
	for i := range 100 {
		rec.earlier.remember("before", map[string][]*named{fmt.Sprint(i): {{seq: i + 1}}})
	}
	for round := range 3 {
		for i := range 100 {
			big := make([]byte, 200_000+round)
			rec.take(sandbox.Output{Stream: sandbox.Display, ID: fmt.Sprint(i), Update: true, Bundle: map[string]string{"k": string(big)}})
		}
	}
	if rec.changing > logMax || len(rec.changes) > 50 || len(rec.pending) != 1 || rec.pending[0].Stream != "note" {
		t.Errorf("%d bytes of %d names wait, and it was told %+v", rec.changing, len(rec.changes), rec.pending)
	}
}
