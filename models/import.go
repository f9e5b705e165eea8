package models

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Import is what a cell brought along from a file.
type Import struct {
	CellID  CellID `gorm:"primaryKey"`
	Facts   string // JSON that Mayfly has no place for; "" when none
	Outputs string // JSON of the outputs that stood in the file, "" when none or when it was run since
}

// MaxImports bounds what a notebook brings along beside its text: the facts and
// outputs of all its cells together, in bytes. It is apart from MaxNotebookText,
// so that nobody is kept from typing by what a file brought.
const MaxImports = 5_000_000

// MaxFacts bounds what a file says of the notebook as a whole, in bytes. Lists of
// notebooks read it with each.
const MaxFacts = 64 << 10

// ImportOf is the row of a cell that brings something along; nil when it does not.
func ImportOf(id CellID, c NewCell) (*Import, error) {
	if c.Facts == "" && len(c.Outputs) == 0 {
		return nil, nil
	}
	row := &Import{CellID: id, Facts: storable(c.Facts)}
	if len(c.Outputs) == 0 {
		return row, nil
	}
	told := make([]importedOutput, len(c.Outputs))
	for i, o := range c.Outputs {
		told[i] = importedOutput{Stream: o.Stream, Text: storable(o.Text), Bundle: storableBundle(o.Bundle)}
	}
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false) // or HTML would be half as large again
	err := out.Encode(told)
	row.Outputs = text.String()
	return row, err
}

// importedOutput is an Output as it lies in an import.
type importedOutput struct {
	Stream string            `json:"stream"`
	Text   string            `json:"text,omitempty"`
	Bundle map[string]string `json:"bundle,omitempty"`
}

// Said returns the outputs that stood in the file, numbered from 1.
func (i *Import) Said() ([]Output, error) {
	if i == nil || i.Outputs == "" {
		return nil, nil
	}
	var told []importedOutput
	if err := json.Unmarshal([]byte(i.Outputs), &told); err != nil {
		return nil, fmt.Errorf("read imported outputs of %s: %w", i.CellID, err)
	}
	outputs := make([]Output, len(told))
	for n, o := range told {
		outputs[n] = Output{Seq: n + 1, Stream: o.Stream, Text: o.Text, Bundle: o.Bundle}
	}
	return outputs, nil
}

// Weight is what the cell brings along beside its text, in bytes, before it is
// written as JSON.
func (c NewCell) Weight() int {
	sum := len(c.Facts)
	for _, o := range c.Outputs {
		sum += o.Weight()
	}
	return sum
}

// Weight is how much an output holds, in bytes.
func (o Output) Weight() int {
	sum := len(o.Text)
	for media, data := range o.Bundle {
		sum += len(media) + len(data)
	}
	return sum
}
