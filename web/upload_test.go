package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// uploadForm is a multipart form with a field of text and one file for each
// pair of name and content.
func uploadForm(t *testing.T, files ...string) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	if err := form.WriteField("file", "text under the same name"); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		part, err := form.CreateFormFile("file", files[i])
		if err == nil {
			_, err = io.WriteString(part, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return body, form.FormDataContentType()
}

func uploadRequest(body io.Reader, kind string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, appURL+"/files", body)
	r.Header.Set("Content-Type", kind)
	return r
}

func TestEachFileOfAFormIsHandedOverInOrder(t *testing.T) {
	t.Parallel()
	var got []string
	err := EachUpload(uploadRequest(uploadForm(t, "a.csv", "1", "b.csv", "22")), "file", func(name string, content io.Reader) error {
		text, err := io.ReadAll(content)
		got = append(got, name+"="+string(text))
		return err
	})
	if err != nil || strings.Join(got, " ") != "a.csv=1 b.csv=22" {
		t.Errorf("%v %v", got, err)
	}
}

// What take does not read must not come back as the next file.
func TestAFileThatIsNotReadIsSkippedWhole(t *testing.T) {
	t.Parallel()
	names := ""
	err := EachUpload(uploadRequest(uploadForm(t, "a.bin", strings.Repeat("x", 1<<20), "b.bin", "2")), "file", func(name string, _ io.Reader) error {
		names += name + " "
		return nil
	})
	if err != nil || names != "a.bin b.bin " {
		t.Errorf("%q %v", names, err)
	}
}

func TestWhatIsNoUploadIsRefusedSEC16(t *testing.T) {
	t.Parallel()
	whole, kind := uploadForm(t, "a.csv", "12345")
	empty, emptyKind := uploadForm(t)
	var many []string
	for i := range UploadMax + 1 {
		many = append(many, fmt.Sprintf("%d.txt", i), "x")
	}
	tooMany, manyKind := uploadForm(t, many...)
	for name, c := range map[string]struct {
		body   io.Reader
		kind   string
		status int
	}{
		"a plain form":     {strings.NewReader("file=x"), "application/x-www-form-urlencoded", 415},
		"no type":          {strings.NewReader("file=x"), "", 415},
		"no boundary":      {strings.NewReader("x"), "multipart/form-data", 415},
		"no file":          {empty, emptyKind, 400},
		"broken off":       {bytes.NewReader(whole.Bytes()[:whole.Len()-30]), kind, 400},
		"too many files":   {tooMany, manyKind, 400},
		"another boundary": {strings.NewReader("--other\r\n\r\n"), kind, 400},
		"too large a form": {http.MaxBytesReader(nil, io.NopCloser(bytes.NewReader(whole.Bytes())), 200), kind, 413},
	} {
		err := EachUpload(uploadRequest(c.body, c.kind), "file", func(_ string, content io.Reader) error {
			_, err := io.ReadAll(content)
			return err
		})
		if err == nil || StatusOf(err) != c.status {
			t.Errorf("%s: %v, not %d", name, err, c.status)
		}
	}
}

func TestTheErrorOfWhoTakesTheFilesIsPassedOn(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	err := EachUpload(uploadRequest(uploadForm(t, "a.csv", "1", "b.csv", "2")), "file", func(string, io.Reader) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}
