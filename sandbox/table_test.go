package sandbox_test

import (
	"fmt"
	"math"
	"testing"

	"mayfly/sandbox"
)

// A page says where in its table it lies; no number of a hostile kernel's wraps
// around what is checked.
func TestAPageLiesWithinItsTable(t *testing.T) {
	t.Parallel()
	page := func(rows, from, columns, column int) string {
		return fmt.Sprintf(`{"kind":"pandas","rows":%d,"from":%d,"columns":%d,"column":%d,
			"head":[{"name":["a"],"dtype":"int64"}],"body":[{"cells":["1"]}]}`, rows, from, columns, column)
	}
	for _, c := range []struct {
		text string
		good bool
	}{
		{page(1, 0, 1, 0), true},
		{page(10, 9, 10, 9), true},
		{page(10, 10, 1, 0), false},
		{page(1, 0, 10, 10), false},
		{page(10, math.MaxInt64, 1, 0), false},
		{page(1, 0, 10, math.MaxInt64), false},
		{page(math.MinInt64, 0, 1, 0), false},
		{page(math.MaxInt64, 0, 1, 0), false},
		{page(1, -1, 1, 0), false},
	} {
		if _, err := sandbox.ParseTable(c.text); (err == nil) != c.good {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}
