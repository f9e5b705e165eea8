package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/zip"

	"mayfly/models"
)

// Archive is a zip of several kinds of parts while it is sent.
type Archive struct {
	ctx     context.Context
	zip     *zip.Writer
	at      time.Time // of the parts that have no time of their own
	names   models.NamesApart
	missing []string
}

// SendArchive streams a zip of that name, which fill makes part by part: nothing
// of it is kept on the way. at is the database's clock. When a part fails, the
// connection breaks off: nobody takes half a zip for a whole one.
func SendArchive(w http.ResponseWriter, r *http.Request, name string, at time.Time, fill func(*Archive) error) error {
	return sendZip(w, r, name, func() error {
		a := &Archive{ctx: r.Context(), zip: zip.NewWriter(w), at: at}
		if err := fill(a); err != nil {
			return err
		}
		return a.close()
	})
}

func (a *Archive) close() error {
	if len(a.missing) > 0 {
		if err := addNote(a.zip, a.names.Clean("not-in-this-zip.txt"), a.missing); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

// Part begins a part, which ends where the next one begins. The name is cleaned,
// and made different from those before.
func (a *Archive) Part(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: a.names.Clean(name), Method: zip.Deflate, Modified: a.at})
}

// Text is a part that holds a text.
func (a *Archive) Text(name, text string) error {
	part, err := a.Part(name)
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	return err
}

// JSON is a part that holds a value for people to read.
func (a *Archive) JSON(name string, value any) error {
	part, err := a.Part(name)
	if err != nil {
		return err
	}
	out := json.NewEncoder(part)
	out.SetIndent("", "  ")
	return out.Encode(value)
}

// List is a part that holds a list, one value to a line. each is given what adds
// one.
func (a *Archive) List(name string, each func(add func(any) error) error) error {
	part, err := a.Part(name)
	if err != nil {
		return err
	}
	before, out := "[\n", json.NewEncoder(part)
	add := func(value any) error {
		if _, err := io.WriteString(part, before); err != nil {
			return err
		}
		before = ","
		return out.Encode(value)
	}
	if err := each(add); err != nil {
		return err
	}
	if before != "," {
		_, err = io.WriteString(part, before)
	}
	if err == nil {
		_, err = io.WriteString(part, "]\n")
	}
	return err
}

// File is a part that holds a file's bytes, in a folder, or
// beside the other parts where that is "". One that is gone is left
// out and named in a note.
func (a *Archive) File(folder string, f models.File, open OpenFile) error {
	err := addToZip(a.ctx, a.zip, a.names.Clean(folder+"/"+f.Name), f, open)
	if errors.Is(err, errNotOpened) {
		a.missing = append(a.missing, f.Name)
		return nil
	}
	return err
}
