package handlers_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"mayfly/models"
)

// quickRun is a form as browsers send it: fields, then files.
func (p *person) quickRun(fields []string, files ...string) *http.Request {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			p.t.Fatal(err)
		}
	}
	for i := 0; i < len(files); i += 2 {
		w, err := form.CreateFormFile("file", files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		p.t.Fatal(err)
	}
	req := p.request(http.MethodPost, "/runs", &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

func TestAQuickRunIsGivenTheFilesThatComeWithIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	old := r.keep(ada.id, "old.csv", "1")
	code := []string{"code", "1", "form_key", "k1234567890", "file", string(old.ID), "file", ""}
	ada.do(ada.quickRun(code, "new.csv", "x,y\n", "b.bin", "\x00\xff")).want(http.StatusSeeOther)
	if n := r.count("SELECT count(*) FROM run_inputs WHERE given AND name IN ('old.csv', 'new.csv', 'b.bin')"); n != 3 {
		t.Errorf("the run is given %d files", n)
	}
	ada.do(ada.quickRun([]string{"code", "2"})).want(http.StatusSeeOther)
	if n := r.count("SELECT count(*) FROM runs"); n != 2 {
		t.Errorf("%d runs", n)
	}
}

// TestNothingIsRunWhenAFileIsRefused: what came is kept, what did not is told, and
// nobody has to send the others twice.
func TestNothingIsRunWhenAFileIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, smallFiles)
	ada := r.person("42")
	large := strings.Repeat("x", 1001)
	page := ada.do(ada.quickRun([]string{"code", "1"}, "a.txt", "1", "large.bin", large)).want(http.StatusRequestEntityTooLarge)
	for _, part := range []string{"large.bin not kept: over 1.0 kB a file", "Your code is still", "1 of the files that you sent are kept"} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	req := ada.quickRun([]string{"code", " "}, "b.txt", "1")
	req.Header.Set("HX-Request", "true")
	req.Header.Set("HX-Request-Type", "partial")
	part := ada.do(req).want(http.StatusBadRequest)
	if got := part.toasts(); len(got) != 1 || got[0] != "Nothing was run: There is no code to run." {
		t.Errorf("told %q", got)
	}
	if part.page().Find("#run-bar [name=file][checked]").Length() != 1 {
		t.Error("the file that was kept is not offered again")
	}
	stranger := r.person("43")
	foreign := r.keep(models.UserID("43"), "theirs.csv", "1")
	ada.do(ada.quickRun([]string{"code", "1", "file", string(foreign.ID)})).want(http.StatusNotFound)
	stranger.do(stranger.quickRun([]string{"code", strings.Repeat("x", 7<<20)})).want(http.StatusRequestEntityTooLarge)
	if n := r.count("SELECT count(*) FROM runs"); n != 0 {
		t.Errorf("%d runs", n)
	}
}
