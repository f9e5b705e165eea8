package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"mayfly/models"
)

// UploadMax bounds how many files one form brings.
const UploadMax = 100

var (
	errNoFiles = refuse(http.StatusBadRequest, "No file came",
		"The form holds no file.", "Choose one or more files and send them again.")
	errTooManyFiles = refuse(http.StatusBadRequest, "Too many files at once",
		fmt.Sprintf("One upload brings %d files at most.", UploadMax), "Those that came first were taken. Send the others in parts.")
	// ErrNoUpload answers a body that is no multipart form.
	ErrNoUpload error = refuse(http.StatusUnsupportedMediaType, "That is no upload",
		"Files come as multipart/form-data, each in a field named file.", "Use the Upload button, or send a form of that kind.")
)

// EachUpload hands every file of the multipart form to take as it arrives:
// nothing is held in memory or on disk here. Fields without a file name are
// skipped. The error is the form's own, or the first of take's.
func EachUpload(r *http.Request, field string, take func(name string, content io.Reader) error) error {
	form, err := r.MultipartReader()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoUpload, err)
	}
	for taken := 0; ; {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			if taken == 0 {
				return errNoFiles
			}
			return nil
		}
		if err != nil {
			return brokenOff(err)
		}
		if part.FormName() != field || part.FileName() == "" {
			continue
		}
		if taken++; taken > UploadMax {
			return errTooManyFiles
		}
		if err := takePart(part, take); err != nil {
			return err
		}
	}
}

func takePart(part *multipart.Part, take func(name string, content io.Reader) error) error {
	content := &arriving{Reader: part}
	err := take(lastPart(part.FileName()), content)
	if content.fault != nil {
		return brokenOff(content.fault)
	}
	return err
}

// BrokenOff is why the rest of a body did not come, for whoever reads it.
func BrokenOff(err error) error { return brokenOff(err) }

// TooLarge says of what is over a limit that waiting does not help.
func TooLarge(err error) error {
	return &refusal{problem: Problem{Status: http.StatusRequestEntityTooLarge, Code: string(models.OverLimit),
		Title: "That is over a limit", Message: "It was not kept: " + Reason(err) + ".", Safe: "Nothing of it was kept.", Next: "Make room, or send less."}}
}

// lastPart is the name without folders: those of somebody's disk say nothing
// here, whichever way its slashes lean.
func lastPart(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// arriving remembers that the form broke off, whatever becomes of the error on
// its way through others.
type arriving struct {
	io.Reader
	fault error
}

func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		a.fault = err
	}
	return n, err
}

// brokenOff keeps an error that has its own answer, and calls everything else
// a form that cannot be read.
func brokenOff(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) || errors.Is(err, errTooSlow) {
		return err
	}
	return badForm(err)
}

// Reason is what a person may read of an error, as one sentence or a part of
// one.
func Reason(err error) string {
	problem, _ := problemOf(err)
	if problem.Message != "" {
		return problem.Message
	}
	return problem.Title + "."
}

// StatusOf is the status that Fail answers an error with.
func StatusOf(err error) int {
	problem, _ := problemOf(err)
	return problem.Status
}
