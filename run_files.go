package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"mayfly/models"
	"mayfly/sandbox"
)

// localShelf puts the files named by --file within reach of load_file, by name
// and by path.
type localShelf struct{ files []localFile }

type localFile struct {
	path  string
	entry sandbox.Entry
}

func (s *localShelf) add(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	name := filepath.Base(path)
	s.files = append(s.files, localFile{path, sandbox.Entry{
		ID: name, Name: name, Version: 1, Size: info.Size(), Category: models.TypeOf(name).Category,
		CreatedAt: info.ModTime(), ExpiresAt: time.Now().Add(48 * time.Hour),
	}})
	return nil
}

// List names every file within reach.
func (s *localShelf) List(context.Context) ([]sandbox.Entry, error) {
	entries := make([]sandbox.Entry, 0, len(s.files))
	for _, f := range s.files {
		entries = append(entries, f.entry)
	}
	return entries, nil
}

// Open finds a file by its name or by the path it was given as.
func (s *localShelf) Open(_ context.Context, ref string) (sandbox.Entry, io.ReadCloser, error) {
	for _, f := range s.files {
		if ref == f.entry.Name || ref == f.path {
			content, err := os.Open(f.path)
			return f.entry, content, err
		}
	}
	return sandbox.Entry{}, nil, fmt.Errorf("there is no file %q here: put one within reach with --file PATH", ref)
}

// madeFile is one generated file with the seed's keys.
type madeFile struct {
	Filename string `json:"filename"`
	Data     string `json:"data,omitempty"` // base64; absent when kept as a file
	Path     string `json:"path,omitempty"` // where --keep put it
	Type     string `json:"type"`
	Size     int64  `json:"size"`
	FileID   string `json:"file_id"`
}

type refusedFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Reason string `json:"reason"`
}

// collect takes over what the run made: into --keep, else into memory for
// --json (bounded by the run's own limits), else only counted.
func (d *desk) collect(ctx context.Context, kernel sandbox.Kernel) error {
	for made, err := range kernel.Produced(ctx) {
		if err != nil {
			return fmt.Errorf("collect files: %w", err)
		}
		made.Path = d.names.Clean(made.Path) // it goes to a terminal
		if made.Refused != "" {
			d.refused = append(d.refused, refusedFile{made.Path, made.Size, made.Refused})
			continue
		}
		if err := d.take(made); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) take(made sandbox.Produced) error {
	defer made.Content.Close()
	file := madeFile{
		Filename: made.Path, Type: models.TypeOf(made.Path).Category, Size: made.Size,
		FileID: string(models.NewFileID("0", time.Now())),
	}
	switch {
	case d.keep != nil:
		if err := d.write(made); err != nil {
			return fmt.Errorf("keep %s: %w", made.Path, err)
		}
		file.Path = filepath.Join(d.keepDir, filepath.FromSlash(made.Path))
	case d.json:
		data, err := io.ReadAll(made.Content)
		if err != nil {
			return fmt.Errorf("read %s: %w", made.Path, err)
		}
		file.Data = base64.StdEncoding.EncodeToString(data)
	}
	d.files = append(d.files, file)
	return nil
}

// write stays below the --keep folder whatever the guest named its file.
func (d *desk) write(made sandbox.Produced) error {
	if err := d.keep.MkdirAll(path.Dir(made.Path), 0o755); err != nil {
		return err
	}
	out, err := d.keep.Create(made.Path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, made.Content); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}

// document is the one object of --json: the seed's keys, then ours.
func (d *desk) document(run models.Run) map[string]any {
	headline, _ := run.Sentence()
	ids := make([]string, 0, len(d.files))
	for _, f := range d.files {
		ids = append(ids, f.FileID)
	}
	failure := ""
	if !run.Success() {
		failure = strings.TrimSpace(d.said.failure.String() + "\n" + headline)
	}
	return map[string]any{
		"success": run.Success(), "output": d.said.output.String(), "error": failure,
		"execution_time": run.Wall.Seconds(), "return_code": run.ReturnCode,
		"generated_files": append([]madeFile{}, d.files...), "generated_file_ids": ids,
		"ending": run.Ending, "files_not_kept": append([]refusedFile{}, d.refused...),
		"stderr": d.said.stderr.String(), "peak_memory": run.PeakMemory,
	}
}

// listed is how many files the summary names one by one; --json names all.
const listed = 20

func (d *desk) summary(w io.Writer, run models.Run) error {
	headline, _ := run.Sentence()
	lines := []string{fmt.Sprintf("%s: %s (%.2f s, %s)", run.Ending, headline, run.Wall.Seconds(), humanize.IBytes(uint64(max(run.PeakMemory, 0))))}
	for _, f := range d.files[:min(listed, len(d.files))] {
		where := ""
		if f.Path != "" {
			where = " → " + f.Path
		}
		lines = append(lines, fmt.Sprintf("  made %s (%s)%s", f.Filename, humanize.Bytes(uint64(f.Size)), where))
	}
	if more := len(d.files) - listed; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	for _, f := range d.refused[:min(listed, len(d.refused))] {
		lines = append(lines, fmt.Sprintf("  not kept %s (%s): %s", f.Name, humanize.Bytes(uint64(max(f.Size, 0))), f.Reason))
	}
	if more := len(d.refused) - listed; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more not kept", more))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// transcript keeps what --json prints, each part up to a cap so that a flood
// stays bounded.
type transcript struct{ output, stderr, failure strings.Builder }

// transcriptMax bounds each part at the size a run's log is kept in (10 MB,
// docs/operations.md).
const transcriptMax = 10_000_000

func (t *transcript) add(o sandbox.Output) {
	if o.Stream == sandbox.Clear {
		t.output.Reset()
		t.stderr.Reset()
	}
	part := &t.output
	switch o.Stream {
	case sandbox.Stderr, sandbox.Note:
		part = &t.stderr
	case sandbox.Failure:
		part = &t.failure
	}
	text := plainText(o)
	part.WriteString(text[:min(len(text), max(0, transcriptMax-part.Len()))])
}

// plainText is what a terminal shows of one piece of output.
func plainText(o sandbox.Output) string {
	if o.Stream != sandbox.Display {
		return o.Text
	}
	if text, ok := o.Bundle["text/plain"]; ok {
		return text + "\n"
	}
	return ""
}
