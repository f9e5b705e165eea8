package api

import (
	"context"
	"encoding/base64"
	"io"
	"regexp"
	"strings"
	"time"

	"mayfly/models"
)

// dataMax is how many bytes of files include_data sends along in all.
const dataMax = 8_000_000

// run is a run on the wire, with its result once it is done.
func (a *API) run(ctx context.Context, owner models.UserID, run *models.Run, withData *bool) (wireRun, error) {
	w := wireRun{
		RunID: string(run.ID), UserID: string(run.UserID), State: string(run.State), Source: string(run.Source),
		QueuedAt: run.QueuedAt.UTC(), StartedAt: inUTC(run.StartedAt), FinishedAt: inUTC(run.FinishedAt), URL: a.URL + "/runs/" + string(run.ID),
	}
	var err error
	switch run.State {
	case models.Queued:
		w.Position, err = a.Store.Position(ctx, owner, run.ID)
	case models.Done:
		var result wireResult
		result, err = a.result(ctx, owner, run, withData)
		w.Result = &result
	}
	return w, err
}

// inUTC is a moment as it goes over the network: in UTC wherever the server is.
func inUTC(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	return new(at.UTC())
}

// result is the seed's result of a run that is done.
func (a *API) result(ctx context.Context, owner models.UserID, run *models.Run, withData *bool) (wireResult, error) {
	w := wireResult{
		Success: run.Success(), ExecutionTime: run.Wall.Seconds(), ReturnCode: run.ReturnCode, RunID: string(run.ID),
		Ending: string(run.Ending), PeakMemory: run.PeakMemory, ExpiresAt: run.ExpiresAt.UTC(), URL: a.URL + "/runs/" + string(run.ID),
	}
	outputs, err := a.Store.Outputs(ctx, owner, run.ID, 0)
	if err != nil {
		return w, err
	}
	said := transcriptOf(outputs)
	w.Output, w.Stderr = said.output.String(), said.stderr.String()
	if !w.Success {
		headline, _ := run.Sentence()
		w.Error = strings.TrimSpace(said.failure.String() + "\n" + headline)
	}
	refusals, err := a.Store.Refusals(ctx, owner, run.ID)
	if err != nil {
		return w, err
	}
	for _, r := range refusals {
		w.FilesNotKept = append(w.FilesNotKept, wireRefusal{Name: r.Name, Size: r.Size, Reason: r.Reason})
	}
	files, err := a.Store.RunFiles(ctx, owner, run.ID)
	if err != nil {
		return w, err
	}
	return w, a.addMade(ctx, &w, files, withData != nil && *withData)
}

// addMade adds the files that still live, with their bytes as far as those go.
func (a *API) addMade(ctx context.Context, w *wireResult, files []models.File, withData bool) error {
	room := int64(0)
	if withData {
		room = dataMax
	}
	for _, f := range files {
		if !f.Live() {
			continue
		}
		made := wireMade{Filename: f.Name, Type: f.Category, Size: f.Size, FileID: string(f.ID), ExpiresAt: f.ExpiresAt.UTC()}
		if withData && f.Size <= room {
			data, err := a.bytes(ctx, f)
			if err != nil {
				return err
			}
			room -= f.Size
			made.Data = data
		}
		w.GeneratedFiles = append(w.GeneratedFiles, made)
		w.GeneratedFileIDs = append(w.GeneratedFileIDs, string(f.ID))
	}
	return nil
}

// bytes reads a small file, nil when its time was over just now.
func (a *API) bytes(ctx context.Context, f models.File) (*string, error) {
	_, content, err := a.Vault.Open(ctx, f.UserID, f.ID)
	if models.CodeOf(err) == models.GoneCode {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	if err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(data)
	return &text, nil
}

// transcript is what a run said, each part for itself.
type transcript struct{ output, stderr, failure strings.Builder }

func transcriptOf(outputs []models.Output) *transcript {
	t := &transcript{}
	newest := map[int]models.Output{} // of each display that changed, by its own number
	for _, o := range outputs {
		if o.Replaces > 0 {
			newest[o.Replaces] = o
		}
	}
	for _, o := range outputs {
		switch o.Stream {
		case "stdout":
			t.output.WriteString(o.Text)
		case "display":
			t.display(o, newest)
		case "clear": // what it took back is not among the outputs any more
		case "failure":
			t.failure.WriteString(withoutColour(o.Text))
		default:
			t.stderr.WriteString(o.Text)
		}
	}
	return t
}

// display writes the text of a display in the place where it was first shown, as
// it was last.
func (t *transcript) display(o models.Output, newest map[int]models.Output) {
	if o.Replaces > 0 {
		return
	}
	if last, changed := newest[o.Seq]; changed {
		o = last
	}
	if text := o.Bundle["text/plain"]; text != "" {
		t.output.WriteString(text + "\n")
	}
}

// colours are the sequences by which a terminal is told to colour a traceback.
var colours = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")

func withoutColour(text string) string { return colours.ReplaceAllString(text, "") }
