package models

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Figure is a picture that a run shows, as a file.
type Figure struct {
	RunID      RunID
	NotebookID *NotebookID
	Name       string // for the file: its title, or else its number among the cell's
	Data       []byte
}

// MaxDescription bounds what is said of a figure, in characters.
const MaxDescription = 1000

// pictures are the media types that can be kept as a file, the best first, with
// their extensions.
var pictures = []struct{ media, ext string }{
	{"image/png", ".png"}, {"image/jpeg", ".jpg"}, {"image/gif", ".gif"}, {"image/webp", ".webp"}, {"image/svg+xml", ".svg"},
}

// picture is the file that a bundle's picture makes. What is no picture, whatever
// the run says, is not_found.
func picture(bundle map[string]string, name string) (*Figure, error) {
	for _, p := range pictures {
		text := bundle[p.media]
		if text == "" {
			continue
		}
		f := &Figure{Name: name + p.ext, Data: []byte(text)}
		if p.ext == ".svg" {
			return f, nil
		}
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil || len(data) == 0 {
			return nil, Invalid("The run says that this is a picture, but it is none. It cannot be kept.")
		}
		f.Data = data
		return f, nil
	}
	return nil, NotFound("figure")
}

// figureName is what the figure is called: by its title, or as the nth of its cell.
func figureName(title string, place, nth int) string {
	const most = 80
	safe := []rune(strings.Trim(CleanName(strings.Map(func(r rune) rune {
		if slices.Contains([]rune(`/\:*?"<>|`), r) {
			return '-'
		}
		return r
	}, title)), " .-"))
	switch {
	case len(safe) > 0 && strings.TrimSpace(title) != "":
		return string(safe[:min(len(safe), most)])
	case place > 0:
		return fmt.Sprintf("figure-%d-%d", place, nth)
	}
	return fmt.Sprintf("figure-%d", nth)
}

// cleanDescription is one line, as it is read out.
func cleanDescription(text string) (string, error) {
	text = strings.Join(strings.Fields(storable(text)), " ")
	if n := utf8.RuneCountInString(text); n > MaxDescription {
		return "", Invalid("A description has 1,000 characters at most; this has %d. Say the rest in a text cell.", n)
	}
	return text, nil
}
