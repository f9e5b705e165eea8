package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := Close(); err != nil {
		fmt.Println("close the browser:", err)
		code = 1
	}
	os.Exit(code)
}

// stage is a site of two pages under a strict policy.
func stage(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", page(`
		<form action="/said"><textarea name="text" aria-label="Text"></textarea><button>Send</button> <button disabled>Off</button></form>
		<a href="/file">Save it</a><button id="late" hidden>Late</button><script src="/late.js"></script>
		<noscript><p>no script here</p></noscript>`))
	mux.HandleFunc("GET /said", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "me"})
		page(`<pre>`+r.FormValue("text")+`</pre>`)(w, r)
	})
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		page(`<p>`+r.Header.Get("Cookie")+`!</p>`)(w, r)
	})
	mux.HandleFunc("GET /late.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `setTimeout(() => { late.hidden = false; late.onclick = () => { late.textContent = "pressed"; }; }, 200);`)
	})
	mux.HandleFunc("GET /icon.svg", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	})
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="a b.bin"`)
		fmt.Fprint(w, "\x00bytes\xff")
	})
	mux.HandleFunc("GET /inline", page(`<p style="color: red">styled</p>`))
	mux.HandleFunc("GET /broken", page(`<script src="/broken.js"></script>`))
	mux.HandleFunc("GET /broken.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `console.error("so broken"); throw new Error("thrown");`)
	})
	mux.HandleFunc("GET /unnamed", page(`<img src="/file"><input>`))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func page(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="en"><head><title>A stage</title><meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg"></head><body><main><h1>Stage</h1>`+body+`</main></body></html>`)
	}
}

// spy is a test that notes its failures.
type spy struct {
	testing.TB
	failures []string
	cleanups []func()
}

func (s *spy) Errorf(format string, args ...any) {
	s.failures = append(s.failures, fmt.Sprintf(format, args...))
}
func (s *spy) Error(args ...any) { s.failures = append(s.failures, fmt.Sprint(args...)) }
func (s *spy) Cleanup(f func())  { s.cleanups = append(s.cleanups, f) }
func (s *spy) end() string {
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
	return strings.Join(s.failures, "\n")
}

func TestAPersonTypesPressesAndReads(t *testing.T) {
	t.Parallel()
	tab := Open(t, stage(t), Screen{})
	if status := tab.Go("/"); status != http.StatusOK {
		t.Fatal(status)
	}
	tab.Paste("textarea", "first\n  second")
	tab.Type("textarea", "one\n  two")
	tab.Press("Late")
	tab.SeeIn("#late", "pressed")
	tab.Paste("textarea", "three\n  four")
	tab.Press("Send")
	if at := tab.At("/s*"); at != "/said" {
		t.Error(at)
	}
	tab.SeeIn("pre", "three four")
	if got := Ask[string](tab, "document.querySelector('pre').textContent"); strings.ReplaceAll(got, "\r", "") != "three\n  four" {
		t.Errorf("%q", got)
	}
}

func TestPeopleHaveCookiesOfTheirOwn(t *testing.T) {
	t.Parallel()
	site := stage(t)
	me := Open(t, site, Screen{})
	me.Go("/said")
	twin, other := me.Twin(), Open(t, site, Screen{Phone: true})
	twin.Go("/who")
	twin.See("who=me!")
	other.Go("/who")
	if got := other.Texts("p"); len(got) != 1 || got[0] != "!" {
		t.Errorf("another person sent %q", got)
	}
	if width := Ask[int](other, "innerWidth"); width != 390 {
		t.Error(width)
	}
}

func TestADownloadIsWhole(t *testing.T) {
	t.Parallel()
	tab := Open(t, stage(t), Screen{})
	tab.Go("/")
	got := tab.Download(func() { tab.Press("Save it") })
	if got.Name != "a b.bin" || string(got.Data) != "\x00bytes\xff" {
		t.Errorf("%+v", got)
	}
}

func TestScriptingOff(t *testing.T) {
	t.Parallel()
	tab := Open(t, stage(t), Screen{NoScript: true})
	tab.Go("/")
	tab.See("no script here")
	tab.Type("textarea", "plain")
	tab.Press("Send")
	tab.At("/said")
	tab.SeeIn("pre", "plain")
}

func TestNoiseFailsTheTest(t *testing.T) {
	t.Parallel()
	site := stage(t)
	for path, want := range map[string][]string{
		"/inline": {"Content Security Policy"}, "/broken": {"so broken", "thrown"}, "/nowhere": {"404"}, "/": {""},
	} {
		s := &spy{TB: t}
		tab := Open(s, site, Screen{})
		tab.Go(path)
		said := s.end()
		for _, w := range want {
			if !strings.Contains(said, w) || w == "" && said != "" {
				t.Errorf("%s: want %q, got %q", path, w, said)
			}
		}
	}
}

func TestExpectedNoisePasses(t *testing.T) {
	t.Parallel()
	tab := Open(t, stage(t), Screen{})
	tab.Expect("404")
	if status := tab.Go("/nowhere"); status != http.StatusNotFound {
		t.Error(status)
	}
}

func TestAxeFindsWhatIsSerious(t *testing.T) {
	t.Parallel()
	site := stage(t)
	s := &spy{TB: t}
	tab := Open(s, site, Screen{})
	tab.Go("/unnamed")
	tab.Accessible("a page without names")
	tab.Expect("") // the picture that is none
	if said := s.end(); !strings.Contains(said, "image-alt") || !strings.Contains(said, "label") {
		t.Error(said)
	}
	Open(t, site, Screen{}).Go("/")
}

func TestPicturesFollowTheScreen(t *testing.T) {
	t.Parallel()
	tab := Open(t, stage(t), Screen{})
	tab.Go("/")
	tab.Look(Screen{Phone: true, Dark: true})
	if !Ask[bool](tab, "matchMedia('(prefers-color-scheme: dark)').matches && innerWidth == 390") {
		t.Error("the screen is not a dark phone")
	}
	if picture := tab.Picture(); len(picture) < 500 {
		t.Error(len(picture))
	}
}
