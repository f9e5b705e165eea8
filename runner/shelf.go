package runner

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"mayfly/models"
	"mayfly/sandbox"
)

// shelf is what load_file, list_files and get_file_path reach in one run: its
// owner's files that live at the moment of the call.
type shelf struct {
	runner *Runner
	run    *models.Run
}

// List returns every live file of the owner's, newest first.
func (s *shelf) List(ctx context.Context) ([]sandbox.Entry, error) {
	var entries []sandbox.Entry
	for {
		page, err := s.runner.Store.Files(ctx, s.run.UserID, models.FileQuery{Offset: len(entries)})
		if err != nil {
			return nil, err
		}
		for _, f := range page.Files {
			entries = append(entries, entryOf(f))
		}
		if len(page.Files) == 0 || len(entries) >= page.Total {
			return entries, nil
		}
	}
}

// Open finds a live file by its id, or by name (the newest version), and notes
// that the run has read it.
func (s *shelf) Open(ctx context.Context, ref string) (sandbox.Entry, io.ReadCloser, error) {
	file, err := s.find(ctx, ref)
	if err != nil {
		return sandbox.Entry{}, nil, err
	}
	file, content, err := s.runner.Vault.Open(ctx, s.run.UserID, file.ID)
	if err != nil {
		return sandbox.Entry{}, nil, err
	}
	if err := s.runner.Store.LoadFile(ctx, s.run.UserID, s.run.ID, *file); err != nil {
		_ = content.Close()
		return sandbox.Entry{}, nil, err
	}
	return entryOf(*file), content, nil
}

func (s *shelf) find(ctx context.Context, ref string) (*models.File, error) {
	file, err := s.runner.Store.File(ctx, s.run.UserID, models.FileID(ref))
	if models.CodeOf(err) != models.NotFoundCode {
		return file, err
	}
	file, err = s.runner.Store.FileNamed(ctx, s.run.UserID, ref)
	if models.CodeOf(err) != models.NotFoundCode {
		return file, err
	}
	return nil, s.noSuchFile(ctx, ref)
}

// noSuchFile names the nearest matches and how long they have left.
func (s *shelf) noSuchFile(ctx context.Context, ref string) error {
	entries, err := s.List(ctx)
	if err != nil {
		return err
	}
	words := fmt.Sprintf("There is no live file %q.", cut(ref, 100))
	if len(entries) == 0 {
		return &models.Error{Code: models.NotFoundCode, Message: words + " You have no files at the moment: they go after 48 hours."}
	}
	slices.SortStableFunc(entries, func(a, b sandbox.Entry) int { return distance(ref, a) - distance(ref, b) })
	var near []string
	for _, e := range entries[:min(3, len(entries))] {
		near = append(near, fmt.Sprintf("%s (%s, %s left)", e.Name, e.ID, spoken(time.Until(e.ExpiresAt))))
	}
	return &models.Error{Code: models.NotFoundCode, Message: words + " Nearest: " + strings.Join(near, "; ") + "."}
}

// distance is how far a reference is from a file, by name or by id.
func distance(ref string, e sandbox.Entry) int {
	ref = strings.ToLower(cut(ref, 100))
	return min(levenshtein.ComputeDistance(ref, strings.ToLower(cut(e.Name, 100))), levenshtein.ComputeDistance(ref, e.ID))
}

// opener opens a given file when the kernel's working folder is laid out.
func (s *shelf) opener(ctx context.Context, id models.FileID) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		_, content, err := s.runner.Vault.Open(ctx, s.run.UserID, id)
		return content, err
	}
}

func entryOf(f models.File) sandbox.Entry {
	return sandbox.Entry{ID: string(f.ID), Name: f.Name, Version: f.Version, Size: f.Size,
		Category: f.Category, CreatedAt: f.CreatedAt, ExpiresAt: f.ExpiresAt}
}

func spoken(d time.Duration) string {
	switch h := int(d.Hours()); {
	case h >= 24:
		return fmt.Sprintf("%dd %dh", h/24, h%24)
	case h >= 1:
		return fmt.Sprintf("%dh %dm", h, int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dm", max(0, int(d.Minutes())))
}

func cut(text string, most int) string { return text[:min(most, len(text))] }
