package models

import (
	"strings"
	"unicode/utf8"
)

// storable is text as PostgreSQL can keep it: valid UTF-8, and NUL, which it
// cannot, as the sign for it.
func storable(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	return strings.ReplaceAll(text, "\x00", "\u2400")
}

func storableBundle(bundle map[string]string) map[string]string {
	if bundle == nil {
		return nil
	}
	kept := make(map[string]string, len(bundle))
	for mediaType, data := range bundle {
		kept[storable(mediaType)] = storable(data)
	}
	return kept
}

// asksFor reports whether text that somebody sent can stand in a question to
// the database at all. What cannot matches nothing.
func asksFor(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

func cutRunes(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}
