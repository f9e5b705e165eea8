package handlers_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/models"
)

// kept are the names and contents of somebody's live files.
func (r *rig) kept(owner models.UserID) map[string]string {
	r.t.Helper()
	page, err := r.store.Files(r.t.Context(), owner, models.FileQuery{})
	if err != nil {
		r.t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range page.Files {
		_, content, err := r.vault.Open(r.t.Context(), owner, f.ID)
		if err != nil {
			r.t.Fatal(err)
		}
		all[f.Name] = readAll(r.t, content)
		_ = content.Close()
		if f.Source != models.FromUpload || f.RunID != nil {
			r.t.Errorf("%s comes from %s", f.Name, f.Source)
		}
	}
	return all
}

// toasts are the messages of a page or fragment.
func (a *answer) toasts() (all []string) {
	a.t.Helper()
	a.page().Find(".toast-text").Each(func(_ int, toast *goquery.Selection) {
		all = append(all, strings.Join(strings.Fields(toast.Text()), " "))
	})
	return all
}

func smallFiles(s *setup) { s.files.FileMax = 1000 }

func TestUploadsAreKeptAsTheyAre(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	binary := string(bytes.Repeat([]byte{0, 1, 2, 255, '\r', '\n', '-', '-'}, 20_000))
	a := ada.do(ada.upload("a.csv", "x,y\n1,2\n", "b.bin", binary, "empty.txt", "")).want(http.StatusSeeOther)
	if a.at() != "/files" {
		t.Errorf("then it leads to %s", a.at())
	}
	got := r.kept(ada.id)
	if len(got) != 3 || got["a.csv"] != "x,y\n1,2\n" || got["b.bin"] != binary || got["empty.txt"] != "" {
		t.Errorf("%d files are kept, or not as they were", len(got))
	}
}

func TestEachRefusedFileIsToldWithItsReason(t *testing.T) {
	t.Parallel()
	r := newRig(t, smallFiles)
	ada := r.person("42")
	large := strings.Repeat("x", 1001)
	a := ada.do(ada.upload("a.txt", "1", "large.bin", large, "b.txt", "2", "larger.bin", large+large)).want(http.StatusRequestEntityTooLarge)
	want := []string{"a.txt kept", "large.bin not kept: over 1.0 kB a file", "b.txt kept", "larger.bin not kept: over 1.0 kB a file"}
	if got := a.toasts(); !slices.Equal(got, want) {
		t.Errorf("told: %q", got)
	}
	if got := a.listed(); len(got) != 2 {
		t.Errorf("the page lists %q", got)
	}
	if got := r.kept(ada.id); len(got) != 2 || got["a.txt"] != "1" || got["b.txt"] != "2" {
		t.Errorf("kept: %v", got)
	}
	if n := r.count("SELECT count(*) FROM files WHERE state <> 'ready'"); n != 0 {
		t.Errorf("%d rows of refused files are left", n)
	}
}

// static/js/file-upload.js sends one file and reads status and message.
func TestAScriptGetsTheSameInAToast(t *testing.T) {
	t.Parallel()
	r := newRig(t, smallFiles)
	ada := r.person("42")
	for _, c := range []struct {
		files  []string
		status int
		words  []string
	}{
		{[]string{"a.txt", "1"}, 201, []string{"Kept."}},
		{[]string{"b.bin", strings.Repeat("x", 1001)}, 413, []string{"Not kept: over 1.0 kB a file."}},
		{[]string{"c.txt", "1", "d.bin", strings.Repeat("x", 1001)}, 413, []string{"c.txt kept", "d.bin not kept: over 1.0 kB a file"}},
	} {
		a := ada.do(part(ada.upload(c.files...))).want(c.status)
		if got := a.toasts(); !slices.Equal(got, c.words) || strings.Contains(a.body, "<html") {
			t.Errorf("%q: %q", c.files, got)
		}
	}
	a := ada.do(part(ada.upload())).want(400)
	if got := a.toasts(); len(got) != 1 || !strings.Contains(got[0], a.Header.Get("X-Request-Id")) {
		t.Errorf("without a file: %q", got)
	}
}

func TestAFileOfExactlyTheLimitIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t, smallFiles)
	ada := r.person("42")
	ada.do(ada.upload("a.bin", strings.Repeat("x", 1000))).want(303)
	if got := r.kept(ada.id)["a.bin"]; len(got) != 1000 {
		t.Errorf("%d bytes are kept", len(got))
	}
}

func TestAFullQuotaRefusesUploadsSEC50(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *setup) { s.limits.UserBytes, s.limits.UserFiles = 100, 3 })
	ada := r.person("42")
	a := ada.do(ada.upload("a.txt", strings.Repeat("x", 90), "b.txt", strings.Repeat("x", 20), "c.txt", "1", "d.txt", "1", "e.txt", "1"))
	a.want(http.StatusRequestEntityTooLarge)
	want := []string{
		"a.txt kept", "b.txt not kept: over your space of 100 B: delete some files, or wait until they go", "c.txt kept", "d.txt kept",
		"e.txt not kept: over your 3 files: delete some, or wait until they go",
	}
	if got := a.toasts(); !slices.Equal(got, want) {
		t.Errorf("told: %q", got)
	}
	if got := r.kept(ada.id); len(got) != 3 {
		t.Errorf("kept: %v", got)
	}
}

func TestNamesOfUploadsAreMadeSafeSEC46(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for given, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\temp\a.csv`: "a.csv", "a\u202egnp.exe": "agnp.exe", "bad\xff.txt": "bad_.txt", "..": "unnamed",
		strings.Repeat("é", 300) + ".csv": strings.Repeat("é", 125) + ".csv", "🦀.png": "🦀.png", " ": "unnamed",
	} {
		ada.do(ada.upload(given, "x")).want(303)
		got := r.kept(ada.id)
		if _, found := got[want]; !found || len(got) != 1 {
			t.Errorf("%q is kept as %q", given, got)
		}
		r.exec("DELETE FROM files")
	}
}

func TestAnUploadThatBreaksOffKeepsWhatWasWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	whole := ada.upload("a.txt", "1", "b.txt", strings.Repeat("x", 1000))
	text := readAll(t, whole.Body)
	req := ada.request(http.MethodPost, "/files", strings.NewReader(text[:len(text)-500]))
	req.Header.Set("Content-Type", whole.Header.Get("Content-Type"))
	a := ada.do(req).want(400)
	if got := a.toasts(); len(got) != 2 || got[0] != "a.txt kept" || !strings.Contains(got[1], "broke off") {
		t.Errorf("told: %q", got)
	}
	if got := r.kept(ada.id); len(got) != 1 || got["a.txt"] != "1" {
		t.Errorf("kept: %v", got)
	}
	if n := r.count("SELECT count(*) FROM files"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestWhatIsNoUploadIsAPageWithWords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for name, c := range map[string]struct {
		body, kind string
		status     int
	}{
		"a plain form":  {"file=x", "application/x-www-form-urlencoded", 415},
		"JSON":          {"{}", "application/json", 415},
		"no boundary":   {"x", "multipart/form-data", 415},
		"no file":       {"--x--\r\n", "multipart/form-data; boundary=x", 400},
		"a text field":  {"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--x--\r\n", "multipart/form-data; boundary=x", 400},
		"another field": {"--x\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a\"\r\n\r\nx\r\n--x--\r\n", "multipart/form-data; boundary=x", 400},
	} {
		req := ada.request(http.MethodPost, "/files", strings.NewReader(c.body))
		req.Header.Set("Content-Type", c.kind)
		polite(t, name, ada.do(req).want(c.status))
	}
	if n := r.count("SELECT count(*) FROM files"); n != 0 {
		t.Errorf("%d files", n)
	}
}
