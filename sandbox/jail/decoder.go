package jail

import (
	"strings"
	"unicode/utf8"
)

// decoder makes valid UTF-8 of one stream's pieces: a character cut in two by
// a pipe waits for its rest, and what is no character shows as the sign for it.
type decoder struct{ rest []byte }

func (d *decoder) text(piece []byte) string {
	all := append(d.rest, piece...)
	whole := len(all) - openRune(all)
	text := valid(string(all[:whole]))
	d.rest = append([]byte(nil), all[whole:]...)
	return text
}

// end gives what still waited.
func (d *decoder) end() string {
	text := valid(string(d.rest))
	d.rest = nil
	return text
}

// openRune counts the bytes at the end that begin a character and lack its
// rest.
func openRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if last := b[len(b)-n]; utf8.RuneStart(last) {
			if last >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

func valid(text string) string { return strings.ToValidUTF8(text, "\ufffd") }
