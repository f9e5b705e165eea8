package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"mayfly/models"
)

// WriteIpynb writes nbformat 4.5, as Jupyter does: keys in order, one space for
// each level, text as lists of lines. A cell is written before the next one's
// outputs are asked for.
func (b Book) WriteIpynb(w io.Writer) error {
	if _, err := io.WriteString(w, "{\n \"cells\": ["); err != nil {
		return err
	}
	ids := b.cellIDs()
	for i, c := range b.Notebook.Cells {
		cell, err := b.cell(c)
		if err != nil {
			return err
		}
		cell["id"] = ids[c.ID]
		text, err := indented(cell, "  ")
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n  %s", comma(i), text); err != nil {
			return err
		}
	}
	metadata, err := indented(b.metadata(), " ")
	if err != nil {
		return err
	}
	end := "\n ]"
	if len(b.Notebook.Cells) == 0 {
		end = "]"
	}
	_, err = fmt.Fprintf(w, "%s,\n \"metadata\": %s,\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n", end, metadata)
	return err
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

func indented(value any, prefix string) (string, error) {
	text, err := compact(value)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	pretty := json.NewEncoder(&out)
	pretty.SetEscapeHTML(false)
	pretty.SetIndent(prefix, " ")
	err = pretty.Encode(json.RawMessage(text))
	return strings.TrimSuffix(out.String(), "\n"), err
}

// metadata is what the file said, Python's where it said nothing, and ours.
func (b Book) metadata() object {
	var facts notebookFacts
	_ = json.Unmarshal([]byte(b.Notebook.Facts), &facts) // "" when there are none
	metadata := object{}
	for key, value := range facts.Metadata.keep(notebookChecks) {
		metadata[key] = value
	}
	if metadata["kernelspec"] == nil {
		metadata["kernelspec"] = json.RawMessage(`{"display_name":"Python 3","language":"python","name":"python3"}`)
	}
	if metadata["language_info"] == nil {
		metadata["language_info"] = raw(map[string]any{
			"codemirror_mode": map[string]any{"name": "ipython", "version": 3}, "file_extension": ".py", "mimetype": "text/x-python",
			"name": "python", "nbconvert_exporter": "python", "pygments_lexer": "ipython3", "version": b.Python,
		})
	}
	metadata["mayfly"] = raw(map[string]any{"name": b.Notebook.Name, "exported_at": moment(b.Notebook.ReadAt)})
	return metadata
}

// raw is JSON of what cannot fail: maps, texts and numbers.
func raw(value any) json.RawMessage {
	text, err := compact(value)
	if err != nil {
		panic(err)
	}
	return json.RawMessage(text)
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (b Book) cell(c models.Cell) (map[string]any, error) {
	facts := factsOf(b.Imports[c.ID])
	metadata := object{}
	for key, value := range facts.Metadata.keep(cellChecks) {
		metadata[key] = value
	}
	cell := map[string]any{"cell_type": "code", "metadata": metadata, "source": lines(c.Text)}
	if c.Kind == models.MarkdownCell {
		cell["cell_type"] = "markdown"
		if facts.Raw {
			cell["cell_type"] = "raw"
		}
		if held := attachments(facts.Attachments); len(held) > 0 {
			cell["attachments"] = held
		}
		return cell, nil
	}
	outputs, notes, err := b.outputs(c, facts)
	if err != nil {
		return nil, err
	}
	cell["outputs"], cell["execution_count"] = outputs, nil
	switch {
	case c.Last != nil:
		cell["execution_count"] = countIn(c)
	case c.Last == nil && facts.Count != nil && len(outputs) > 0:
		cell["execution_count"] = *facts.Count
	}
	if c.Last != nil {
		addRun(metadata, c, notes)
	}
	return cell, nil
}

// countIn is the number of the cell's last run among those of its interpreter, nil
// when it has none: it is not over, or never began.
func countIn(c models.Cell) *int {
	if c.Last == nil || c.Last.Count == 0 {
		return nil
	}
	return &c.Last.Count
}

// addRun notes how the cell's last run went: when, where other programs look for
// that, and the rest as facts of ours.
func addRun(metadata object, c models.Cell, notes []string) {
	ours := map[string]any{"state": c.Last.State, "validity": c.Validity}
	if c.Last.StartedAt != nil && c.Last.FinishedAt != nil {
		metadata["execution"] = raw(map[string]string{
			"iopub.status.busy": precise(*c.Last.StartedAt), "iopub.execute_input": precise(*c.Last.StartedAt),
			"iopub.status.idle": precise(*c.Last.FinishedAt), "shell.execute_reply": precise(*c.Last.FinishedAt),
		})
	}
	if c.Last.State == models.Done {
		ours["ending"], ours["seconds"], ours["peak_memory"] = c.Last.Ending, c.Last.Wall.Seconds(), c.Last.PeakMemory
	}
	if len(notes) > 0 {
		ours["notes"] = notes
	}
	metadata["mayfly"] = raw(ours)
}

func precise(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// lines is text as nbformat writes it: each line with its end.
func lines(text string) []string {
	all := []string{}
	for line := range strings.Lines(text) {
		all = append(all, line)
	}
	return all
}
