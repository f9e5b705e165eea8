package models

import (
	"context"
	"strings"
	"unicode"
)

// FindMax is the longest text that is looked for, in characters.
const FindMax = 100

// Found is what of a person's bears a name.
type Found struct {
	Files     []File
	Notebooks []*Notebook
}

// Find returns the owner's live files and notebooks whose names hold the letters
// of the text in their order, at most so many of each: those that hold it as it
// stands first, then the newest. Of several versions the newest is found. An
// empty text finds what is newest.
func (s *Store) Find(ctx context.Context, owner UserID, text string, most int) (*Found, error) {
	found := &Found{}
	text = strings.TrimSpace(cutRunes(text, FindMax))
	if !asksFor(text) {
		return found, nil
	}
	err := s.db.WithContext(ctx).Raw(`SELECT * FROM (SELECT DISTINCT ON (name) *, now() AS read_at FROM files
			WHERE user_id = @owner AND `+live+` AND name ILIKE @letters ORDER BY name, version DESC) AS newest
		ORDER BY name ILIKE @word DESC, created_at DESC, id LIMIT @most`,
		map[string]any{"owner": owner, "letters": lettersOf(text), "word": "%" + escapedLike(text) + "%", "most": most}).Scan(&found.Files).Error
	if err != nil {
		return nil, failed("find files", err)
	}
	all, err := s.Notebooks(ctx, owner) // at most MaxNotebooks
	for _, whole := range []bool{true, false} {
		for _, n := range all {
			if inOrder(n.Name, text) && contains(n.Name, text) == whole && len(found.Notebooks) < most {
				found.Notebooks = append(found.Notebooks, n)
			}
		}
	}
	return found, err
}

// lettersOf is the pattern of names that hold the letters of a text in their
// order, whatever is between them.
func lettersOf(text string) string {
	pattern := strings.Builder{}
	for _, letter := range text {
		if !unicode.IsSpace(letter) {
			pattern.WriteString("%" + escapedLike(string(letter)))
		}
	}
	return pattern.String() + "%"
}

func contains(name, text string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(text))
}

// inOrder is lettersOf for one name.
func inOrder(name, text string) bool {
	rest := []rune(strings.ToLower(name))
	for _, letter := range strings.ToLower(text) {
		if unicode.IsSpace(letter) {
			continue
		}
		at := strings.IndexRune(string(rest), letter)
		if at < 0 {
			return false
		}
		rest = []rune(string(rest)[at:])[1:]
	}
	return true
}
