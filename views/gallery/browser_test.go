package gallery_test

import (
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"

	"mayfly/internal/testkit/browser"
	"mayfly/static"
	"mayfly/views/gallery"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := browser.Close(); err != nil {
		fmt.Println("close the browser:", err)
		code = 1
	}
	os.Exit(code)
}

// policy is the app's (SEC-11), without a content origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self'; " +
	"form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

// site serves the gallery under the app's policy. Pictures that pages ask for
// are one grey square, streams stay silent, and whatever hostile text would ask
// for is counted.
func site(t *testing.T) (base string, asked *atomic.Int64) {
	asked = &atomic.Int64{}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /gallery", func(w http.ResponseWriter, r *http.Request) {
		page := gallery.Page()
		if name := r.URL.Query().Get("page"); name != "" {
			page, _ = gallery.Find(name)
		}
		w.Header().Set("Content-Security-Policy", policy)
		templ.Handler(page).ServeHTTP(w, r)
	})
	stream := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	mux.HandleFunc("GET /runs/{id}/events", stream)
	mux.HandleFunc("GET /notebooks/{id}/events", stream)
	mux.HandleFunc("GET /notebooks/{id}/changes", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /cells/{id}/output", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	picture := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		grey := image.NewGray(image.Rect(0, 0, 320, 200))
		for i := range grey.Pix {
			grey.Pix[i] = 0xB0
		}
		_ = png.Encode(w, grey)
	}
	mux.HandleFunc("GET /runs/{id}/outputs/{seq}", picture)
	mux.HandleFunc("GET /files/{id}/content", picture)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		home, _ := gallery.Find("home-done")
		templ.Handler(home).ServeHTTP(w, r)
	})
	mux.HandleFunc("/x", func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, asked
}

// TestPagesInABrowser opens every page as people see it: no fault in the
// console, nothing against the policy, nothing that axe calls serious, no
// scrolling sideways, and no request that text of a user asked for (SEC-13).
// All four looks of all pages take minutes: they are for MAYFLY_SHOTS.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	base, asked := site(t)
	all := os.Getenv("MAYFLY_SHOTS") != ""
	screens := map[string]browser.Screen{"light": {}, "phone-dark": {Phone: true, Dark: true}}
	if all {
		screens["dark"], screens["phone"] = browser.Screen{Dark: true}, browser.Screen{Phone: true}
	}
	for look, screen := range screens {
		t.Run(look, func(t *testing.T) {
			t.Parallel()
			tab := browser.Open(t, base, screen)
			for i, name := range pageNames() {
				if !all && look != "light" && i%3 != 0 {
					continue
				}
				see(t, tab, name, look)
			}
		})
	}
	t.Cleanup(func() {
		if n := asked.Load(); n > 0 {
			t.Errorf("text of a user sent %d requests", n)
		}
	})
}

// pageNames begins with "", the page of all parts.
func pageNames() []string {
	names := []string{""}
	for _, p := range gallery.Pages() {
		names = append(names, p.Name)
	}
	return names
}

func see(t *testing.T, tab *browser.Tab, name, look string) {
	t.Helper()
	page := name + " " + look
	tab.Go("/gallery?page=" + name)
	if wide := browser.Ask[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("%s: %d px wider than the screen", page, wide)
	}
	tab.Accessible(page)
	tab.Shoot(strings.TrimLeft(name+"-"+look, "-"))
}

// TestPagesWithoutScript: the same pages are whole with scripting off.
func TestPagesWithoutScript(t *testing.T) {
	t.Parallel()
	base, _ := site(t)
	tab := browser.Open(t, base, browser.Screen{NoScript: true})
	tab.Go("/gallery?page=files-filtered")
	tab.SeeIn("form#filter noscript button", "Filter")
	tab.Click("tbody tr:nth-child(1) .check")
	tab.SeeIn("#selection", "Delete")
	tab.Shoot("files-selected-noscript")
	tab.Go("/gallery?page=front-local")
	tab.Press("As somebody else")
	tab.Type("#local-id", "42")
	tab.Shoot("front-local-open-noscript")
	tab.Go("/gallery?page=home-first")
	tab.Press("Upload")
	tab.SeeIn("#upload", "Up to 50 MB each.")
	tab.Shoot("upload-noscript")
}

// TestRailFollows: on any page the rail's meter is fetched anew, again and
// again, when files changed.
func TestRailFollows(t *testing.T) {
	t.Parallel()
	base, _ := site(t)
	tab := browser.Open(t, base, browser.Screen{})
	tab.Go("/gallery?page=runs")
	for range 2 {
		browser.Ask[bool](tab, `document.querySelector("#rail-space .meter").remove() || document.body.dispatchEvent(new Event("files-changed", {bubbles: true}))`)
		tab.Wait(`document.querySelectorAll("#rail-space .meter").length === 1`)
	}
}
