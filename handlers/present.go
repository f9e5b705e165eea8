package handlers

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"

	"mayfly/models"
	"mayfly/views"
	"mayfly/views/ui"
)

// This file turns what the Store returns into what views show.

// newFormKey makes a double press of one form one run.
func newFormKey() string { return rand.Text() }

// runView reads all that is shown of a run. The transcript goes on from where
// it was; nil begins one.
func (a *App) runView(ctx context.Context, owner *models.User, run *models.Run, t *views.Transcript) (views.RunView, error) {
	if t == nil {
		t = views.NewTranscript(string(run.ID), false)
	}
	v := runFacts(run)
	v.UserName, v.Transcript, v.FormKey = owner.Name, t, newFormKey()
	outputs, err := a.Store.Outputs(ctx, owner.ID, run.ID, t.Seq())
	if err != nil {
		return v, err
	}
	t.Add(outputRows(outputs)...)
	if err := a.addQuestion(ctx, owner.ID, run, &v); err != nil {
		return v, err
	}
	loaded, err := a.Store.LoadedFiles(ctx, owner.ID, run.ID)
	if err != nil {
		return v, err
	}
	v.Loaded, v.With = fileLines(loaded), givenLines(loaded)
	if run.State == models.Queued {
		v.Position, err = a.Store.Position(ctx, owner.ID, run.ID)
		return v, err
	}
	files, err := a.Store.RunFiles(ctx, owner.ID, run.ID)
	if err != nil {
		return v, err
	}
	refusals, err := a.Store.Refusals(ctx, owner.ID, run.ID)
	if err != nil {
		return v, err
	}
	v.Files, v.Refused = fileLines(files), refusedFiles(refusals)
	if !v.Live() {
		v.Given, err = a.Store.GivenGone(ctx, owner.ID, run.ID)
	}
	return v, err
}

// givenLines are those that the run was given, and that can be given again.
func givenLines(loaded []models.File) []views.FileLine {
	return fileLines(slices.DeleteFunc(slices.Clone(loaded), func(f models.File) bool { return !f.Given || !f.Live() }))
}

func runFacts(run *models.Run) views.RunView {
	v := views.RunView{
		ID: string(run.ID), Short: run.ID.Short(), Source: string(run.Source), State: stateOf(run), Ending: string(run.Ending),
		Code: run.Code, Paused: run.StoodStill(), QueuedAt: run.QueuedAt, Now: run.ReadAt, Wall: run.Wall, WallLimit: run.WallLimit, CPU: run.CPU,
		PeakMemory: run.PeakMemory, MemoryLimit: run.MemoryLimit, OutputBytes: run.OutputBytes, ReturnCode: run.ReturnCode,
		OutputsExpired: run.OutputsExpired(), Changes: run.Changes, InNotebook: run.NotebookID != nil, Notebook: run.NotebookName, Cell: run.CellPlace, App: run.AppName,
	}
	if run.OfCell() {
		v.NotebookID = string(*run.NotebookID)
	}
	if run.CellPlace > 0 {
		v.CellID = string(*run.CellID)
	}
	if run.Opened != nil {
		v.Opened = *run.Opened
	}
	v.Headline, v.Advice = run.Sentence()
	if run.StartedAt != nil {
		v.StartedAt = *run.StartedAt
	}
	if run.FinishedAt != nil {
		v.FinishedAt = *run.FinishedAt
	}
	return v
}

func outputRows(outputs []models.Output) []views.OutputRow {
	rows := make([]views.OutputRow, len(outputs))
	for i, o := range outputs {
		rows[i] = views.OutputRow{Seq: o.Seq, Stream: o.Stream, Text: o.Text, Bundle: o.Bundle, Replaces: o.Replaces, About: o.Description}
	}
	return rows
}

func runLines(runs []models.Run) []views.RunLine {
	lines := make([]views.RunLine, len(runs))
	for i := range runs {
		lines[i] = runLine(&runs[i])
	}
	return lines
}

func runLine(run *models.Run) views.RunLine {
	line := views.RunLine{
		ID: string(run.ID), Short: run.ID.Short(), Source: string(run.Source), State: stateOf(run), Ending: string(run.Ending),
		Line: run.Title(), Notebook: run.NotebookName, Cell: run.CellPlace, App: run.AppName, Wall: run.Wall, Elapsed: runFacts(run).Elapsed(), Files: run.FileCount, At: run.QueuedAt, Now: run.ReadAt,
	}
	if run.OfCell() {
		line.NotebookID = string(*run.NotebookID)
	}
	if run.CellPlace > 0 {
		line.CellID = string(*run.CellID)
	}
	return line
}

func fileLines(files []models.File) []views.FileLine {
	lines := make([]views.FileLine, len(files))
	for i := range files {
		lines[i] = fileLine(&files[i])
	}
	return lines
}

func fileLine(f *models.File) views.FileLine {
	kind := f.Type()
	line := views.FileLine{
		ID: string(f.ID), Name: f.Name, Icon: kind.Icon, Type: kind.Words, Size: f.Size, Version: f.Version,
		Source: string(f.Source), MadeAt: f.CreatedAt, Clock: ui.Clock{Expires: f.ExpiresAt, Now: f.ReadAt}, CellPlace: f.CellPlace,
		Deleted: f.Deleted() || f.State == models.Missing, Thumbnail: kind.Picture(), MadeBy: f.MadeBy,
	}
	if f.RunID != nil {
		line.RunID = string(*f.RunID)
	}
	return line
}

func refusedFiles(refusals []models.Refusal) []views.RefusedFile {
	files := make([]views.RefusedFile, len(refusals))
	for i, r := range refusals {
		files[i] = views.RefusedFile{Name: r.Name, Size: r.Size, Reason: r.Reason}
	}
	return files
}

func spaceGauge(u models.Usage) ui.Gauge {
	return ui.Gauge{Label: "Space", Used: ui.Size(u.Bytes), Limit: ui.Size(u.BytesMax), Value: u.Bytes, Max: u.BytesMax}
}

func gauges(u models.Usage) []ui.Gauge {
	storage := spaceGauge(u)
	storage.Label = "Storage"
	return []ui.Gauge{storage, counted("Files", u.Files, u.FilesMax), counted("Interpreters", u.Kernels, u.KernelsMax), counted("Queue", u.Queued, u.QueuedMax)}
}

func counted(label string, used, most int) ui.Gauge {
	return ui.Gauge{Label: label, Used: strconv.Itoa(used), Limit: ui.Count(most), Value: int64(used), Max: int64(most)}
}

// fileIDs are those of a form. A field for files that nobody chose any for is
// none.
func fileIDs(ids []string) []models.FileID {
	var typed []models.FileID
	for _, id := range ids {
		if id != "" {
			typed = append(typed, models.FileID(id))
		}
	}
	return typed
}
