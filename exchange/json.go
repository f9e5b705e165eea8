package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// A file of 20 MB can hold millions of values that take many times their room once
// they are read. What follows reads only as many as are kept.
const (
	maxDepth = 200  // of objects and lists in each other: Python reads no more than about 1000
	maxKeys  = 1000 // of one object
)

var errShape = errors.New("the JSON has another shape")

// tooDeep says whether objects and lists of the JSON stand in each other deeper
// than is read.
func tooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return false
}

// list reads the first values of a list, at most so many, and says whether there
// are more.
func list(raw json.RawMessage, most int) (values []json.RawMessage, more bool, err error) {
	in, err := opened(raw, '[')
	for err == nil && in.More() {
		if len(values) == most {
			return values, true, nil
		}
		var value json.RawMessage
		err = in.Decode(&value)
		values = append(values, value)
	}
	return values, false, err
}

// joined is a list of texts as one. It takes them one by one: empty ones may be
// millions.
func joined(raw json.RawMessage, between string) (string, error) {
	var text strings.Builder
	in, err := opened(raw, '[')
	for first := true; err == nil && in.More(); first = false {
		var line json.Token
		if line, err = in.Token(); err != nil {
			break
		}
		words, ok := line.(string)
		if !ok {
			return "", errShape
		}
		if !first {
			text.WriteString(between)
		}
		text.WriteString(words)
	}
	return text.String(), err
}

// objectOf reads an object that may be missing. Of a key that is there twice the
// last value counts.
func objectOf(raw json.RawMessage) (object, error) {
	o := object{}
	if len(raw) == 0 || string(raw) == "null" {
		return o, nil
	}
	in, err := opened(raw, '{')
	for err == nil && in.More() {
		var name json.Token
		var value json.RawMessage
		if name, err = in.Token(); err != nil {
			break
		}
		err = in.Decode(&value)
		key, _ := name.(string) // JSON has no other keys
		if o[key] = value; len(o) > maxKeys {
			return nil, errShape
		}
	}
	return o, err
}

// opened is a reader behind the bracket that begins the value.
func opened(raw json.RawMessage, bracket json.Delim) (*json.Decoder, error) {
	in := json.NewDecoder(bytes.NewReader(raw))
	if begin, err := in.Token(); err != nil || begin != bracket {
		return in, errors.Join(errShape, err)
	}
	return in, nil
}
