package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mayfly/models"
	"mayfly/sandbox"
)

// ipynbOutput is an output of a file.
type ipynbOutput struct {
	Type      string          `json:"output_type"`
	Name      string          `json:"name"`
	Text      json.RawMessage `json:"text"`
	Data      json.RawMessage `json:"data"`
	Metadata  json.RawMessage `json:"metadata"`
	Count     json.RawMessage `json:"execution_count"`
	ErrorName string          `json:"ename"`
	Value     string          `json:"evalue"`
	Traceback json.RawMessage `json:"traceback"`
}

// maxOutputs bounds the outputs of one cell.
const maxOutputs = 1000

// readOutputs reads the outputs of a cell. One that does not fit into what is left
// of the budget becomes a note in its place.
func readOutputs(raw json.RawMessage, budget *int) (outputs []models.Output, facts []outputFacts, err error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil, nil
	}
	all, more, err := list(raw, maxOutputs)
	if err != nil {
		return nil, nil, errors.New("its outputs are no list.")
	}
	for i, each := range all {
		output, fact, err := readOutput(each)
		if err != nil {
			return nil, nil, fmt.Errorf("output %d: %w", i+1, err)
		}
		if weight := output.Weight(); weight > *budget {
			output, fact = noteOf("An output of %.1f MB was left out: what a file brings beside its text is 5 MB at most. Run the cell to see it.", float64(weight)/1e6), outputFacts{}
		}
		*budget -= output.Weight()
		outputs, facts = append(outputs, output), append(facts, fact)
	}
	if more {
		outputs = append(outputs, noteOf("More outputs of the file were left out: a cell brings %d at most.", maxOutputs))
		facts = append(facts, outputFacts{})
	}
	*budget = max(0, *budget)
	return outputs, facts, nil
}

func noteOf(format string, args ...any) models.Output {
	return models.Output{Stream: "note", Text: fmt.Sprintf(format, args...)}
}

func readOutput(raw json.RawMessage) (out models.Output, facts outputFacts, err error) {
	var o ipynbOutput
	if json.Unmarshal(raw, &o) != nil {
		return out, facts, errors.New("it is no output as nbformat describes one.")
	}
	facts.Type = o.Type
	switch o.Type {
	case "stream":
		text, ok := textOf(o.Text)
		if !ok {
			return out, facts, errors.New("its text is neither text nor a list of lines.")
		}
		out.Stream, out.Text = "stdout", text
		if o.Name == "stderr" {
			out.Stream = "stderr"
		}
	case "error":
		out.Stream, facts.Name, facts.Value = "failure", o.ErrorName, o.Value
		if len(o.Traceback) > 0 && string(o.Traceback) != "null" {
			if out.Text, err = joined(o.Traceback, "\n"); err != nil {
				return out, facts, errors.New("its traceback is no list of lines.")
			}
		}
		if strings.TrimSpace(out.Text) == "" {
			out.Text = strings.TrimSuffix(o.ErrorName+": "+o.Value, ": ")
		}
	case "execute_result", "display_data":
		if out, facts.Metadata, err = readBundle(o); err != nil {
			return out, facts, err
		}
		facts.Count = countOf(o.Count)
	default:
		return out, facts, errors.New("its output_type is " + quoted(o.Type) + ", which is not known here.")
	}
	return out, facts, nil
}

// readBundle reads the forms of a display. What it says of its picture goes where
// ours say it.
func readBundle(o ipynbOutput) (models.Output, object, error) {
	out := models.Output{Stream: "display", Bundle: map[string]string{}}
	forms, err := objectOf(o.Data)
	if err != nil {
		return out, nil, errors.New("its data is no JSON object, or has over 1000 keys.")
	}
	for media, data := range forms {
		if isJSON(media) {
			var packed bytes.Buffer
			_ = json.Compact(&packed, data) // it is JSON already
			out.Bundle[media] = packed.String()
			continue
		}
		text, ok := textOf(data)
		if !ok {
			return out, nil, errors.New("its data of the type " + quoted(media) + " is neither text nor a list of lines.")
		}
		out.Bundle[media] = text
	}
	// More of the table can be asked of no kernel here.
	if table, err := sandbox.ParseTable(out.Bundle[sandbox.TableMIME]); err == nil {
		table.ID = ""
		if text, err := compact(table); err == nil {
			out.Bundle[sandbox.TableMIME] = text
		}
	}
	metadata, err := objectOf(o.Metadata)
	if err != nil {
		return out, nil, errors.New("its metadata is no JSON object, or has over 1000 keys.")
	}
	if out.Bundle[sandbox.PictureMIME] == "" {
		for _, media := range []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"} {
			if out.Bundle[media] != "" && isA[object](metadata[media]) {
				out.Bundle[sandbox.PictureMIME] = string(metadata[media])
				break
			}
		}
	}
	return out, metadata, nil
}

// isJSON says whether data of a media type may be any JSON, and not text alone.
func isJSON(media string) bool {
	rest, found := strings.CutPrefix(media, "application/")
	return found && (rest == "json" || strings.HasSuffix(rest, "+json"))
}
