package models_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/models"
)

// A file's secret has 26 letters out of 32: 130 bits, if each letter is equally
// likely at each place, which 20,000 ids show to within six standard deviations.
func TestAFileIDHas130RandomBitsSEC47(t *testing.T) {
	t.Parallel()
	const ids, letters, length = 20_000, "abcdefghijklmnopqrstuvwxyz234567", 26
	var seen [length][len(letters)]int
	all := map[string]bool{}
	at := time.Unix(1_696_118_400, 0)
	for range ids {
		secret, found := strings.CutPrefix(string(models.NewFileID("123", at)), "123_1696118400_")
		if !found || len(secret) != length || all[secret] {
			t.Fatalf("the secret %q is malformed or came twice", secret)
		}
		all[secret] = true
		for place, letter := range secret {
			i := strings.IndexRune(letters, letter)
			if i < 0 {
				t.Fatalf("%q is no letter of ours", letter)
			}
			seen[place][i]++
		}
	}
	const mean, spread = ids / len(letters), 25 // √(20,000 · 1/32 · 31/32) is 24.6
	for place := range seen {
		for i, n := range seen[place] {
			if n < mean-6*spread || n > mean+6*spread {
				t.Errorf("%c stands %d times at place %d, not about %d", letters[i], n, place, mean)
			}
		}
	}
}
