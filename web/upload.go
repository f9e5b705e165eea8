package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
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
	taken, err := eachPart(r, field, take, func(*multipart.Part) error { return nil })
	if err == nil && taken == 0 {
		return errNoFiles
	}
	return err
}

// FormWithFiles is Form for a form that may bring files, which take gets as
// EachUpload does. All else of it is fields bytes at most: a form without files
// may come in either encoding, and is held in memory. The error is the form's own,
// or the first of take's.
func FormWithFiles(w http.ResponseWriter, r *http.Request, fields int64, file string, take func(name string, content io.Reader) error) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, fields)
		return Form(r)
	}
	form, left, came := url.Values{}, fields, 0
	_, err := eachPart(r, file, take, func(part *multipart.Part) error {
		if came++; came > maxFields {
			return errTooManyFields
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return brokenOff(err)
		}
		if left -= int64(len(text)); left < 0 {
			return &http.MaxBytesError{Limit: fields}
		}
		form.Add(part.FormName(), string(text))
		return nil
	})
	if err == nil {
		err = checkFields(form)
	}
	return form, err
}

// eachPart reads a multipart form. Files of other fields than the one are passed
// over; parts that are no files are the caller's to read.
func eachPart(r *http.Request, file string, take func(name string, content io.Reader) error, text func(*multipart.Part) error) (taken int, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNoUpload, err)
	}
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return taken, nil
		case err != nil:
			return taken, brokenOff(err)
		case part.FileName() == "":
			err = text(part)
		case part.FormName() != file:
		case taken == UploadMax:
			err = errTooManyFiles
		default:
			taken++
			err = takePart(part, take)
		}
		if err != nil {
			return taken, err
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

// NotDone is a refusal of what came with files of which some were kept: what
// happened, what is safe, what to do.
func NotDone(status int, title, message, safe, next string) error {
	return &refusal{problem: Problem{Status: status, Title: title, Message: message, Safe: safe, Next: next}}
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
