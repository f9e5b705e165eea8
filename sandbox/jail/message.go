package jail

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"mayfly/sandbox"
)

// message is any message from a kernel (PROTOCOL.md). All of it is hostile:
// what is read of it is checked where it is used.
type message struct {
	T         string   `json:"t"`
	Stone     string   `json:"stone"`     // broken
	Run       int      `json:"run"`       // done
	Raised    bool     `json:"raised"`    // done
	Code      int      `json:"code"`      // done
	Failure   string   `json:"failure"`   // done
	Exception string   `json:"exception"` // done
	Line      int      `json:"line"`      // done
	Names     []string `json:"names"`     // done
	Seen      string   `json:"seen"`      // done, of a look: the answer in JSON
	Forms     []form   `json:"forms"`     // display
	ID        string   `json:"id"`        // display
	Update    bool     `json:"update"`    // display
	Value     bool     `json:"value"`     // display
	Wait      bool     `json:"wait"`      // clear
	Ask       int      `json:"ask"`       // ask
	Prompt    string   `json:"prompt"`    // ask
	Secret    bool     `json:"secret"`    // ask
	Ref       string   `json:"ref"`       // open
	Want      bool     `json:"want"`      // want
}

// form is one MIME type of a display, whose bytes follow.
type form struct {
	Kind string `json:"kind"`
	Size int64  `json:"size"`
}

func parse(f frame) (message, error) {
	var m message
	if f.kind != jsonFrame || json.Unmarshal(f.payload, &m) != nil {
		return m, errBreach
	}
	return m, nil
}

// names are those of the guest's that could be variables, within bounds.
func (m message) names() []string {
	var kept []string
	for _, name := range m.Names {
		if len(kept) < sandbox.NamesMax && len(name) <= sandbox.NameMax && isName(name) {
			kept = append(kept, name)
		}
	}
	return kept
}

func isName(text string) bool {
	for i, r := range text {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return text != "" && utf8.ValidString(text)
}

// oneLine is text of the guest's as one line of at most so many bytes.
func oneLine(text string, most int) string {
	return cutBytes(strings.Join(strings.Fields(valid(text)), " "), most)
}

// cutBytes cuts between characters.
func cutBytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// cutRunes keeps so many characters.
func cutRunes(text string, most int) string {
	for at := range text {
		if most--; most < 0 {
			return text[:at]
		}
	}
	return text
}
