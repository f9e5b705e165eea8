package handlers

import (
	"bytes"
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"mayfly/models"
)

// How much of a text its page shows.
const (
	previewBytes = 16 << 10
	previewLines = 200
)

// textHead is the beginning of a file that is text, and whether the file goes
// on. Anything that cannot be read as text has none: a preview never fails a
// page.
func (a *App) textHead(ctx context.Context, owner models.UserID, file *models.File) (text string, goesOn bool) {
	_, content, err := a.Vault.Open(ctx, owner, file.ID)
	if err != nil {
		return "", false
	}
	defer content.Close()
	head, err := io.ReadAll(io.LimitReader(content, previewBytes+1))
	if err != nil {
		return "", false
	}
	return textOf(head)
}

// textOf cuts what was read to whole characters and whole lines.
func textOf(head []byte) (text string, goesOn bool) {
	if len(head) > previewBytes {
		head, goesOn = wholeCharacters(head[:previewBytes]), true
	}
	if !utf8.Valid(head) || bytes.IndexByte(head, 0) >= 0 {
		return "", false
	}
	lines := strings.SplitAfterN(string(head), "\n", previewLines+1)
	if len(lines) > previewLines && lines[previewLines] != "" {
		lines, goesOn = lines[:previewLines], true
	}
	return strings.Join(lines, ""), goesOn
}

// wholeCharacters drops a character that the cut went through.
func wholeCharacters(text []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if start := len(text) - i; utf8.RuneStart(text[start]) {
			if !utf8.FullRune(text[start:]) {
				return text[:start]
			}
			break
		}
	}
	return text
}
