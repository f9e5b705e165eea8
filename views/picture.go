package views

import (
	"encoding/base64"
	"encoding/json"
	stdimage "image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"strings"

	"mayfly/sandbox"
)

// maxSide is the largest width or height that a page gives a picture.
const maxSide = 10_000

// pictureOf shows a bundle's picture, pixels before SVG.
func pictureOf(of Said, row OutputRow) (display, bool) {
	for _, media := range []string{"image/png", "image/jpeg", "image/gif", "image/webp", svgMedia} {
		if data := row.Bundle[media]; data != "" {
			shown := image{source: of.address(row.Seq, media), alt: "Figure made by this run"}
			shown.width, shown.height = sizeOf(media, data)
			shown.heed(row.Bundle[sandbox.PictureMIME])
			about := figureOf(row, shown)
			if row.About != "" {
				shown.alt = row.About
			}
			return display{image: shown, figure: about}, true
		}
	}
	return display{}, false
}

// heed takes what the run says of its picture: a text for those who do not see
// it, and the size to show it in.
func (i *image) heed(said string) {
	var facts struct {
		Alt           string
		Width, Height float64
	}
	if said == "" || len(said) > 16<<10 || json.Unmarshal([]byte(said), &facts) != nil {
		return
	}
	if facts.Alt != "" {
		i.alt, i.told = cutAlt(facts.Alt), true
	}
	width, height := side(facts.Width), side(facts.Height)
	switch {
	case width > 0 && height > 0:
		i.width, i.height = width, height
	case width > 0 && i.width > 0:
		i.width, i.height = width, max(1, i.height*width/i.width)
	case height > 0 && i.height > 0:
		i.width, i.height = max(1, i.width*height/i.height), height
	}
}

func side(n float64) int {
	if n >= 1 && n <= maxSide {
		return int(n)
	}
	return 0
}

// cutAlt keeps a text alternative to a length that can be listened to.
func cutAlt(text string) string {
	const most = 600
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// sizeOf reads a picture's size from its first bytes, so that the page keeps its
// room free before it has loaded. 0 and 0: not known.
func sizeOf(media, data string) (width, height int) {
	if media == svgMedia {
		return 0, 0
	}
	head := base64.NewDecoder(base64.StdEncoding, strings.NewReader(data[:min(len(data), 256<<10)]))
	found, _, err := stdimage.DecodeConfig(head)
	if err != nil || found.Width < 1 || found.Height < 1 || found.Width > maxSide || found.Height > maxSide {
		return 0, 0
	}
	return found.Width, found.Height
}
