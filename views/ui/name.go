package ui

import (
	"strings"
	"unicode"
)

// SplitName cuts a file name in two: the head may be shortened with an
// ellipsis, the tail always stays. The tail is the extension, with seven
// characters before it in names over 34 characters and two in names over 14.
// A name with right-to-left letters keeps only its extension, because a cut
// inside such a word reorders what is read.
func SplitName(name string) (head, tail string) {
	runes := []rune(name)
	keep := 0
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		keep = len([]rune(name[dot:]))
	}
	switch {
	case keep >= len(runes) || keep > 12:
		return name, ""
	case hasRightToLeft(name):
	case len(runes) > 34:
		keep += 7
	case len(runes) > 14:
		keep += 2
	}
	if keep >= len(runes) {
		return name, ""
	}
	return string(runes[:len(runes)-keep]), string(runes[len(runes)-keep:])
}

func hasRightToLeft(s string) bool {
	for _, r := range s {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return true
		}
	}
	return false
}
