package web

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/models"
)

type closingReader struct{ *strings.Reader }

func (closingReader) Close() error { return nil }

// shelfOf opens files whose bytes are their own ids, and fails for names with
// a fault.
func shelfOf(files []models.File, faults map[string]error) OpenFile {
	return func(_ context.Context, _ models.UserID, id models.FileID) (*models.File, io.ReadSeekCloser, error) {
		i := slices.IndexFunc(files, func(f models.File) bool { return f.ID == id })
		if err := faults[files[i].Name]; err != nil {
			return nil, nil, err
		}
		f := files[i]
		f.Size = int64(len(id))
		return &f, closingReader{strings.NewReader(string(id))}, nil
	}
}

func liveFile(id, name string) models.File {
	return models.File{
		ID: models.FileID(id), Name: name, State: models.Ready, ExpiresAt: time.Unix(2000, 0), ReadAt: time.Unix(1000, 0),
	}
}

func unzip(t *testing.T, body []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	inside := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if _, twice := inside[f.Name]; twice || f.Mode()&0o170000 != 0 && !f.Mode().IsRegular() {
			t.Errorf("%s is there twice, or no plain file", f.Name)
		}
		inside[f.Name] = string(text)
	}
	return inside
}

func TestAZipHoldsEachFileOnceUnderASafeNameSEC58(t *testing.T) {
	t.Parallel()
	dead := liveFile("6", "dead.csv")
	dead.State = models.Dead
	files := []models.File{
		liveFile("1", "a.csv"), liveFile("2", "a.csv"), liveFile("3", "../../etc/passwd"), liveFile("4", "plots/über.png"),
		liveFile("5", "gone.csv"), dead, liveFile("7", "cut.csv"),
	}
	faults := map[string]error{
		"gone.csv": &models.Error{Code: models.GoneCode, Message: "gone"}, "cut.csv": &models.Error{Code: models.Internal, Message: "lost"},
	}
	w := httptest.NewRecorder()
	if err := SendZip(w, request("GET", "/files.zip", nil), "mayfly-files.zip", files, shelfOf(files, faults)); err != nil {
		t.Fatal(err)
	}
	inside := unzip(t, w.Body.Bytes())
	note := inside["not-in-this-zip.txt"]
	delete(inside, "not-in-this-zip.txt")
	for name, text := range map[string]string{"a.csv": "1", "a (2).csv": "2", "etc/passwd": "3", "plots/über.png": "4"} {
		if inside[name] != text {
			t.Errorf("%s holds %q", name, inside[name])
		}
	}
	if len(inside) != 4 {
		t.Errorf("inside: %v", inside)
	}
	for _, name := range []string{"gone.csv", "dead.csv", "cut.csv"} {
		if !strings.Contains(note, name) {
			t.Errorf("the note does not name %s: %q", name, note)
		}
	}
	if h := w.Header(); h.Get("Content-Type") != "application/zip" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") {
		t.Errorf("headers %v", h)
	}
}

// Whoever gets half a zip must see that the connection broke.
func TestAZipThatBreaksOffCutsTheConnectionREL26(t *testing.T) {
	t.Parallel()
	files := []models.File{liveFile("1", "a.csv"), liveFile("2", "b.csv")}
	for name, open := range map[string]OpenFile{
		"the database is away": shelfOf(files, map[string]error{"b.csv": &models.Error{Code: models.Unavailable}}),
		"the bytes are fewer": func(context.Context, models.UserID, models.FileID) (*models.File, io.ReadSeekCloser, error) {
			return &models.File{Size: 10}, closingReader{strings.NewReader("123")}, nil
		},
	} {
		func() {
			defer func() {
				if cause, _ := recover().(error); !errors.Is(cause, http.ErrAbortHandler) {
					t.Errorf("%s: the connection is not cut: %v", name, cause)
				}
			}()
			_ = SendZip(httptest.NewRecorder(), request("GET", "/files.zip", nil), "x.zip", files, open)
		}()
	}
}
