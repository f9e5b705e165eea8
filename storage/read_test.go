package storage_test

import (
	"io"
	"os"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestREL26WrongBytesAreNeverServed(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(path string) error{
		"missing":   os.Remove,
		"truncated": func(path string) error { return os.Truncate(path, 5) },
		"longer":    func(path string) error { return write(path, []byte("0123456789+")) },
		"emptied":   func(path string) error { return os.Truncate(path, 0) },
		"flipped":   func(path string) error { return write(path, []byte("0123x56789")) },
	} {
		for _, seen := range []bool{false, true} {
			r := newRoom(t)
			f := r.save(t, "a.txt", "0123456789")
			if seen {
				r.mustRead(t, f)
			}
			if err := spoil(r.path(f)); err != nil {
				t.Fatal(err)
			}
			if data, err := r.read(f.ID); models.CodeOf(err) != models.Internal {
				t.Errorf("%s: %q %v", name, data, err)
			}
			// It is told as lost from now on, and in no list.
			if _, err := r.read(f.ID); models.CodeOf(err) != models.GoneCode {
				t.Errorf("%s, asked again: %v", name, err)
			}
			if page, err := r.store.Files(t.Context(), r.owner, models.FileQuery{}); err != nil || page.Total != 0 {
				t.Errorf("%s: the list has %d files (%v)", name, page.Total, err)
			}
		}
	}
}

// write changes bytes and hides it from the modification time.
func write(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chtimes(path, info.ModTime(), info.ModTime())
}

func TestAPartIsReadAfterTheWholeWasChecked(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	f := r.save(t, "a.txt", "0123456789")
	for range 2 { // unchecked, checked before
		_, content, err := r.Open(t.Context(), r.owner, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if size, err := content.Seek(0, io.SeekEnd); size != 10 || err != nil {
			t.Errorf("its end is at %d (%v)", size, err)
		}
		if _, err := content.Seek(6, io.SeekStart); err != nil {
			t.Error(err)
		}
		if data, err := io.ReadAll(content); string(data) != "6789" || err != nil {
			t.Errorf("from 6: %q %v", data, err)
		}
		if err := content.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSEC49AFileIsGoneAtOnceAndItsReaderMayFinish(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	f := r.save(t, "a.txt", "0123456789")
	_, content, err := r.Open(t.Context(), r.owner, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	testkit.Age(t, r.pool, "files", string(f.ID), 48*time.Hour)
	if _, err := r.read(f.ID); models.CodeOf(err) != models.GoneCode {
		t.Errorf("at its last second: %v", err)
	}
	if n, err := r.Sweep(t.Context()); n != 1 || err != nil {
		t.Fatalf("swept %d: %v", n, err)
	}
	if data, err := io.ReadAll(content); string(data) != "0123456789" || err != nil {
		t.Errorf("a transfer that had begun: %q %v", data, err)
	}
}
