package web

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"mayfly/views"
)

// Render answers 200 with the page, or with only the fragment when htmx asked
// for a part. A nil fragment means that the page is always sent. The view is
// rendered whole before anything is written: a failing view is still a clean
// 500.
func Render(w http.ResponseWriter, r *http.Request, page, fragment templ.Component) error {
	return RenderStatus(w, r, http.StatusOK, page, fragment)
}

// RenderStatus is Render with another status, 422 for a form with faults.
func RenderStatus(w http.ResponseWriter, r *http.Request, status int, page, fragment templ.Component) error {
	view := page
	if fragment != nil && WantsFragment(r) {
		view = fragment
	}
	return write(w, r, status, view)
}

// pages are the buffers that pages are drawn into: a list of 50 files is 300 KB,
// which would be allocated several times over while a buffer grows to it.
var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keptBuffer bounds what is kept for the next page.
const keptBuffer = 1 << 20

func write(w http.ResponseWriter, r *http.Request, status int, view templ.Component) error {
	body, _ := pages.Get().(*bytes.Buffer)
	defer func() {
		if body.Cap() <= keptBuffer {
			body.Reset()
			pages.Put(body)
		}
	}()
	if err := view.Render(views.Bounded(r.Context()), body); err != nil {
		return err
	}
	header := w.Header()
	header.Add("Vary", "HX-Request, HX-Request-Type")
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = body.WriteTo(w) // fails only when the visitor is gone
	return nil
}

// WantsFragment reports whether htmx asked for a part of a page. A boosted
// link swaps the body and asks for a full page.
func WantsFragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Request-Type") != "full"
}

// SeeOther sends the visitor to a path of the app after a form: 303, and for
// htmx the header that makes it load the page instead of swapping it in.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	path = ReturnPath(path)
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
