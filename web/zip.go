package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zip"

	"mayfly/models"
)

// ZipMax bounds how many files one zip holds (SEC-58). Their bytes are bounded
// by what one person may keep.
const ZipMax = 500

// SendZip streams the files as one zip of that name: nothing of it is kept on
// the way. A file that is gone, or is when its turn comes, is left out and named
// in a note. When a file's bytes break off, so does the connection: nobody takes
// half a zip for a whole one.
func SendZip(w http.ResponseWriter, r *http.Request, name string, files []models.File, open OpenFile) error {
	return sendZip(w, r, name, func() error { return writeZip(r.Context(), w, files, open) })
}

// sendZip sends the head of a zip and then what write writes.
func sendZip(w http.ResponseWriter, r *http.Request, name string, write func() error) error {
	return SendMade(w, r, name, "application/zip", func(io.Writer) error { return write() })
}

// SendMade streams what write makes as something to be saved under the name. When
// that breaks off, so does the connection.
func SendMade(w http.ResponseWriter, r *http.Request, name, mediaType string, write func(io.Writer) error) error {
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Disposition", contentDisposition(Attachment, name))
	// A recorder in a test has no deadline to set; a connection always has.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(transferMax))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if err := write(w); err != nil {
		if r.Context().Err() == nil {
			Logger(r).Error("what was sent broke off", "type", mediaType, "cause", err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

func writeZip(ctx context.Context, w io.Writer, files []models.File, open OpenFile) error {
	archive := zip.NewWriter(w)
	var names models.NamesApart
	var missing []string
	for _, f := range files {
		if !f.Live() {
			missing = append(missing, f.Name)
			continue
		}
		err := addToZip(ctx, archive, names.Clean(f.Name), f, open)
		switch {
		case errors.Is(err, errNotOpened):
			missing = append(missing, f.Name)
		case err != nil:
			return err
		}
	}
	if len(missing) > 0 {
		if err := addNote(archive, names.Clean("not-in-this-zip.txt"), missing); err != nil {
			return err
		}
	}
	return archive.Close()
}

var errNotOpened = errors.New("the file is not there any more")

func addToZip(ctx context.Context, archive *zip.Writer, name string, f models.File, open OpenFile) error {
	file, content, err := open(ctx, f.UserID, f.ID)
	if err != nil && ctx.Err() == nil && models.CodeOf(err) != models.Unavailable {
		return fmt.Errorf("%w: %w", errNotOpened, err) // Open has told of what is our fault
	}
	if err != nil {
		return err
	}
	defer content.Close()
	part, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zipMethod(f), Modified: f.CreatedAt})
	if err != nil {
		return err
	}
	n, err := io.Copy(part, content)
	if err == nil && n != file.Size {
		err = fmt.Errorf("%s: %d of %d bytes", file.ID, n, file.Size)
	}
	return err
}

// zipMethod stores what is compressed already.
func zipMethod(f models.File) uint16 {
	switch {
	case f.Category == "image", f.Category == "archive", f.Category == "audio", f.Category == "video":
		return zip.Store
	case slices.Contains([]string{".xlsx", ".ods", ".parquet", ".npz", ".docx", ".pptx"}, f.Type().Extension):
		return zip.Store
	}
	return zip.Deflate
}

func addNote(archive *zip.Writer, name string, missing []string) error {
	part, err := archive.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(part, "These files were asked for, but were gone when the zip was made:\n\n"+strings.Join(missing, "\n")+"\n")
	return err
}
