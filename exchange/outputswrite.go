package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"mayfly/models"
	"mayfly/sandbox"
)

// outputs is what a cell shows, as nbformat has it: what its last run said, or
// else what it brought along. What Mayfly itself said beside them comes apart.
func (b Book) outputs(c models.Cell, facts cellFacts) (outputs []any, notes []string, err error) {
	var said []models.Output
	if c.Last != nil {
		said, err = b.Outputs(*c.Last)
		facts.Outputs = nil // they are of what was there before
	} else {
		said, err = b.Imports[c.ID].Said()
	}
	if err != nil {
		return nil, nil, err
	}
	outputs = []any{}
	for i, o := range standing(said) {
		var fact outputFacts
		if i < len(facts.Outputs) {
			fact = facts.Outputs[i]
		}
		switch o.Stream {
		case "stdout", "stderr":
			outputs = addText(outputs, o)
		case "display":
			outputs = append(outputs, displayOf(o, fact, countIn(c)))
		case "failure":
			outputs = append(outputs, failureOf(o.Text, fact))
		default:
			notes = append(notes, o.Text)
		}
	}
	return outputs, notes, nil
}

// standing is what is left of what was said: without what was taken back, each
// display as it was changed last.
func standing(said []models.Output) []models.Output {
	var left []models.Output
	for _, o := range said {
		at := -1
		if o.Replaces > 0 {
			at = slices.IndexFunc(left, func(l models.Output) bool { return l.Seq == o.Replaces })
			if at < 0 {
				continue
			}
		}
		switch {
		case o.Stream == "clear":
			left = slices.DeleteFunc(left, func(l models.Output) bool { return l.Stream != "note" })
		case at >= 0:
			left[at].Bundle, left[at].Description = o.Bundle, o.Description
		default:
			left = append(left, o)
		}
	}
	return left
}

// addText adds text to the stream that spoke last, or begins another.
func addText(outputs []any, o models.Output) []any {
	if len(outputs) > 0 {
		if last, ok := outputs[len(outputs)-1].(*streamed); ok && last.Name == o.Stream {
			last.text.WriteString(o.Text)
			return outputs
		}
	}
	next := &streamed{Name: o.Stream}
	next.text.WriteString(o.Text)
	return append(outputs, next)
}

// streamed is text of one stream.
type streamed struct {
	Name string
	text strings.Builder
}

// MarshalJSON writes it as nbformat has it.
func (s *streamed) MarshalJSON() ([]byte, error) {
	text, err := compact(map[string]any{"name": s.Name, "output_type": "stream", "text": lines(s.text.String())})
	return []byte(text), err
}

// displayOf is a bundle: the value of the cell, with the number of its run, or
// something that was shown on the way.
func displayOf(o models.Output, fact outputFacts, count *int) map[string]any {
	data, metadata := map[string]any{}, object{}
	for key, value := range fact.Metadata {
		metadata[key] = value
	}
	picture := pictureIn(o.Bundle)
	for media, text := range o.Bundle {
		switch {
		case media == sandbox.PictureMIME && picture != "" && isA[object](json.RawMessage(text)):
			metadata[picture] = json.RawMessage(text) // where other programs look for it
		case isJSON(media) && json.Valid([]byte(text)):
			data[media] = json.RawMessage(text)
		case strings.HasPrefix(media, "image/") && media != "image/svg+xml":
			data[media] = text
		default:
			data[media] = lines(text)
		}
	}
	metadata.describe(picture, o.Description)
	addFallback(data, o.Bundle[sandbox.TableMIME])
	shown := map[string]any{"output_type": "display_data", "data": data, "metadata": metadata}
	switch {
	case fact.Type == "execute_result":
		shown["output_type"], shown["execution_count"] = fact.Type, fact.Count
	case o.Value:
		shown["output_type"], shown["execution_count"] = "execute_result", count
	}
	return shown
}

// pictureIn is the media type of a bundle's picture, "" when it has none.
func pictureIn(bundle map[string]string) string {
	for _, media := range []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"} {
		if bundle[media] != "" {
			return media
		}
	}
	return ""
}

// describe gives a picture what its owner says that it shows, where other programs
// look for that.
func (o object) describe(picture, words string) {
	if picture == "" || words == "" {
		return
	}
	facts := object{}
	_ = json.Unmarshal(o[picture], &facts) // none, or none that is an object
	if facts == nil {
		facts = object{}
	}
	facts["alt"] = raw(words)
	o[picture] = raw(facts)
}

// addFallback gives a table of ours a form that other programs show, where the
// kernel gave none.
func addFallback(data map[string]any, table string) {
	if table == "" || data["text/html"] != nil || data["text/plain"] != nil {
		return
	}
	if t, err := sandbox.ParseTable(table); err == nil {
		data["text/html"], data["text/plain"] = lines(tableHTML(t)), lines(tableText(t))
	}
}

// failureOf is an error. Its name and value stand in the last line of the text.
func failureOf(text string, fact outputFacts) map[string]any {
	if fact.Type == "" {
		text = strings.TrimRight(text, "\n ")
		fact.Name, fact.Value, _ = strings.Cut(plain(text[strings.LastIndexByte(text, '\n')+1:]), ": ")
	}
	return map[string]any{"output_type": "error", "ename": fact.Name, "evalue": fact.Value, "traceback": strings.Split(text, "\n")}
}

// plain drops colour codes.
func plain(line string) string {
	for {
		start := strings.Index(line, "\x1b[")
		if start < 0 {
			return line
		}
		end := strings.IndexByte(line[start:], 'm')
		if end < 0 {
			return line
		}
		line = line[:start] + line[start+end+1:]
	}
}
