package static_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"mayfly/static"
)

func get(t *testing.T, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w
}

// edition is the part of every address that changes with the files.
func edition() string { return strings.Split(static.URL("x"), "/")[2] }

// namedByPages are the files that templates ask for.
func namedByPages(t *testing.T) map[string]bool {
	t.Helper()
	named := map[string]bool{}
	call := regexp.MustCompile(`static\.URL\("([^"]+)"\)`)
	views := os.DirFS("../views")
	err := fs.WalkDir(views, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".templ" {
			return err
		}
		text, err := fs.ReadFile(views, name)
		for _, found := range call.FindAllSubmatch(text, -1) {
			named[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return named
}

func TestPagesNameWhatIsThere(t *testing.T) {
	t.Parallel()
	types := map[string]string{".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
	named := namedByPages(t)
	for _, must := range []string{"app.css", "app.js", "editor.js", "favicon.svg"} {
		if !named[must] {
			t.Errorf("no page names %s", must)
		}
	}
	for name := range named {
		w := get(t, static.URL(name))
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, %d bytes", name, w.Code, w.Body.Len())
		}
		if got, want := w.Header().Get("Content-Type"), types[path.Ext(name)]; !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
	}
}

func TestStyleSheetNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	sheet := get(t, static.URL("app.css")).Body.String()
	addresses := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(sheet, -1)
	if len(addresses) < 9 {
		t.Errorf("only %d addresses: where are the fonts?", len(addresses))
	}
	for _, address := range addresses {
		name := strings.TrimPrefix(strings.Trim(address[1], `"'`), "./")
		if w := get(t, static.URL(name)); w.Code != http.StatusOK {
			t.Errorf("%s: status %d; the policy forbids data: and other hosts", address[1], w.Code)
		}
	}
}

func TestOtherAddressesAreNotFound(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"/static/app.css", "/static/000000000000/app.css", "/static/" + edition(), "/static/" + edition() + "/",
		static.URL("fonts/"), static.URL("fonts"), static.URL("css/app.css"), static.URL("../edition.go"), static.URL("nothing.js"),
	} {
		w := get(t, address)
		if w.Code == http.StatusOK {
			t.Errorf("%s: %d, %d bytes", address, w.Code, w.Body.Len())
		}
		if w.Header().Get("Cache-Control") != "" {
			t.Errorf("%s may be kept: %s", address, w.Header().Get("Cache-Control"))
		}
	}
}

// The edition is a hash over the built files, so a file that changed alone
// would be served under the old address for a year.
func TestEditionIsOfTheseFiles(t *testing.T) {
	t.Parallel()
	hash := sha256.New()
	dist := os.DirFS("dist")
	err := fs.WalkDir(dist, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		hash.Write([]byte(name + "\x00"))
		hash.Write(content)
		hash.Write([]byte{0})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := hex.EncodeToString(hash.Sum(nil))[:12]; edition() != want {
		t.Errorf("the edition is %s, the files are %s: run make gen", edition(), want)
	}
}

// What a page loads besides itself and its fonts.
func TestScriptsAndStylesAreLight(t *testing.T) {
	t.Parallel()
	const budget = 350 << 10
	total := 0
	for _, name := range []string{"app.css", "app.js", "editor.js"} {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(get(t, static.URL(name)).Body.Bytes())
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		total += packed.Len()
	}
	if total > budget {
		t.Errorf("%d bytes gzipped, more than %d", total, budget)
	}
}
