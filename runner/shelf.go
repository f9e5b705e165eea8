package runner

import (
	"cmp"
	"context"
	"errors"
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
// owner's files that live at the moment of the call, or of them those that the
// run was given, when it was given any. The code reads what its errors say, so
// they hold nothing of how the server is built.
type shelf struct {
	runner *Runner
	run    *models.Run
	given  map[models.FileID]string // their names; empty: the run sees all
}

// limitTo leaves on the shelf only what the run was given.
func (s *shelf) limitTo(inputs []models.RunInput) {
	s.given = map[models.FileID]string{}
	for _, in := range inputs {
		if in.Given { // the others were loaded, by a try of this run that was lost
			s.given[in.FileID] = in.Name
		}
	}
}

var errOurs = &models.Error{Code: models.Internal, Message: "Your files cannot be read at the moment: a fault on our side. Try again."}

// List returns every live file that the run sees, newest first.
func (s *shelf) List(ctx context.Context) ([]sandbox.Entry, error) {
	files, err := s.files(ctx)
	if err != nil {
		return nil, s.inWords(err)
	}
	entries := make([]sandbox.Entry, len(files))
	for i, f := range files {
		entries[i] = entryOf(f)
	}
	return entries, nil
}

func (s *shelf) files(ctx context.Context) (files []models.File, err error) {
	if len(s.given) > 0 {
		files, err = s.runner.Store.System().GivenFiles(ctx, s.run.ID)
		slices.SortFunc(files, func(a, b models.File) int {
			return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
		})
		return files, err
	}
	for {
		page, err := s.runner.Store.Files(ctx, s.run.UserID, models.FileQuery{Offset: len(files)})
		if err != nil {
			return nil, err
		}
		files = append(files, page.Files...)
		if len(page.Files) == 0 || len(files) >= page.Total {
			return files, nil
		}
	}
}

// Open finds a live file by its id, or by name (the newest version), and notes
// that the run has read it.
func (s *shelf) Open(ctx context.Context, ref string) (sandbox.Entry, io.ReadCloser, error) {
	file, content, err := s.open(ctx, ref)
	if err != nil {
		return sandbox.Entry{}, nil, s.inWords(err)
	}
	return entryOf(*file), content, nil
}

func (s *shelf) open(ctx context.Context, ref string) (*models.File, io.ReadCloser, error) {
	file, err := s.find(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	file, content, err := s.runner.Vault.Open(ctx, s.run.UserID, file.ID)
	if err != nil {
		return nil, nil, err
	}
	if err := s.runner.Store.LoadFile(ctx, s.run.UserID, s.run.ID, *file); err != nil {
		_ = content.Close()
		return nil, nil, err
	}
	return file, content, nil
}

// inWords keeps what people may read and logs the rest.
func (s *shelf) inWords(err error) error {
	var told *models.Error
	if errors.As(err, &told) && told.Err == nil {
		return told
	}
	s.runner.Logger.Error("a run could not read its owner's files", "run", s.run.ID, "cause", err)
	return errOurs
}

func (s *shelf) find(ctx context.Context, ref string) (*models.File, error) {
	file, err := s.byID(ctx, models.FileID(ref))
	if models.CodeOf(err) == models.NotFoundCode {
		file, err = s.byName(ctx, ref)
	}
	switch models.CodeOf(err) {
	case models.NotFoundCode:
		return nil, s.withNearest(ctx, models.NotFoundCode, fmt.Sprintf("There is no live file %q.", cut(ref)), ref)
	case models.GoneCode:
		if gone, err := s.runner.Store.Tombstone(ctx, s.run.UserID, models.FileID(ref)); err == nil {
			ref = gone.Name // tells more than the id about what would do instead
		}
		return nil, s.withNearest(ctx, models.GoneCode, err.Error(), ref)
	}
	return file, err
}

func (s *shelf) byID(ctx context.Context, id models.FileID) (*models.File, error) {
	if _, sees := s.given[id]; !sees && len(s.given) > 0 {
		return nil, models.NotFound("file")
	}
	return s.runner.Store.File(ctx, s.run.UserID, id)
}

// byName finds the newest version that lives; of what a run was given, one that
// does not live any more tells why.
func (s *shelf) byName(ctx context.Context, name string) (newest *models.File, err error) {
	if len(s.given) == 0 {
		return s.runner.Store.FileNamed(ctx, s.run.UserID, name)
	}
	newest, err = nil, models.NotFound("file")
	for id, given := range s.given {
		if given != name {
			continue
		}
		file, told := s.byID(ctx, id)
		if told == nil && (newest == nil || file.Version > newest.Version) {
			newest = file
		} else if newest == nil {
			err = told
		}
	}
	if newest != nil {
		return newest, nil
	}
	return nil, err
}

// withNearest adds the nearest matches and how long they have left.
func (s *shelf) withNearest(ctx context.Context, code models.Code, words, ref string) error {
	files, err := s.files(ctx)
	if err != nil {
		return err
	}
	if len(s.given) > 0 {
		words += " This run sees only what it was given."
	}
	if len(files) == 0 {
		return &models.Error{Code: code, Message: words + " " + s.nothing()}
	}
	slices.SortStableFunc(files, func(a, b models.File) int { return distance(ref, a) - distance(ref, b) })
	var near []string
	for _, f := range files[:min(3, len(files))] {
		near = append(near, fmt.Sprintf("%s (%s, %s left)", f.Name, f.ID, units(f.Left())))
	}
	return &models.Error{Code: code, Message: words + " Nearest: " + strings.Join(near, "; ") + "."}
}

func (s *shelf) nothing() string {
	if len(s.given) > 0 {
		return "None of that is live any more."
	}
	return "You have no files at the moment."
}

// distance is how far a reference is from a file, by name or by id.
func distance(ref string, f models.File) int {
	ref = strings.ToLower(cut(ref))
	return min(levenshtein.ComputeDistance(ref, strings.ToLower(cut(f.Name))), levenshtein.ComputeDistance(ref, string(f.ID)))
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

// units is a time left, as people are shown it.
func units(d time.Duration) string {
	switch h := int(d.Hours()); {
	case h >= 24:
		return fmt.Sprintf("%dd %dh", h/24, h%24)
	case h >= 1:
		return fmt.Sprintf("%dh %dm", h, int(d.Minutes())%60)
	}
	if d >= time.Minute {
		return fmt.Sprintf("%dm", int(d.Minutes()))
	}
	return fmt.Sprintf("%ds", int(d.Seconds()))
}

// cut bounds a reference, which may be any text that the code has.
func cut(ref string) string { return strings.ToValidUTF8(ref[:min(100, len(ref))], "") }
