package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mayfly/models"
)

// Fail answers a request that could not be served: a page, a toast for htmx,
// plain words on the content origin. It logs what only we should know. Call it
// once, before anything was written.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the visitor is gone; nobody reads an answer
	}
	sc := scopeOf(r)
	p, wait := explain(r, err)
	header := w.Header()
	for _, name := range []string{"Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified"} {
		header.Del(name) // of the answer that did not come to be
	}
	header.Set("Cache-Control", "private, no-store")
	if sc.body.unread() {
		header.Set("Connection", "close")
	}
	retryAfter(header, wait)
	if sc.surface.show == nil {
		showPlain(w, r, p)
		return
	}
	sc.surface.show(w, r, p)
}

// Explain is Fail for a handler that writes its own answers: it logs what only we
// should know, sets the headers of the failure and returns the Problem to be
// shown.
func Explain(w http.ResponseWriter, r *http.Request, err error) Problem {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return byCode(models.Unavailable) // nobody reads it
	}
	p, wait := explain(r, err)
	retryAfter(w.Header(), wait)
	return p
}

// explain turns an error into what is shown, and logs what is our fault.
func explain(r *http.Request, err error) (Problem, time.Duration) {
	sc := scopeOf(r)
	p, wait := problemOf(err)
	p.RequestID, p.User = sc.id, sc.user
	if p.Status >= http.StatusInternalServerError {
		Logger(r).LogAttrs(r.Context(), slog.LevelError, "failed", slog.String("route", sc.pattern),
			slog.Int("status", p.Status), slog.String("cause", err.Error()))
	}
	return p, wait
}

func retryAfter(header http.Header, wait time.Duration) {
	if wait > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
}

// showPage shows the problem on the app: the document to a program, the toast to
// htmx, the page to everybody else.
func (s *Server) showPage(w http.ResponseWriter, r *http.Request, p Problem) {
	if forPrograms(r) {
		showJSON(w, r, p.Status, s.config.Pages.JSON(p))
		return
	}
	if p.Status == http.StatusUnauthorized {
		s.offerSignIn(r, &p)
	}
	view := s.config.Pages.Problem(p)
	if WantsFragment(r) {
		view = s.config.Pages.Toast(p)
		w.Header().Set("HX-Retarget", "#toasts")
		w.Header().Set("HX-Reswap", "beforeend")
	}
	if err := write(w, r, p.Status, view); err != nil && r.Context().Err() == nil { // else nobody reads it
		Logger(r).Error("the problem page failed", "cause", err)
		showPlain(w, r, p)
	}
}

// offerSignIn fills in where to sign in and where to come back to. Only a page
// that was being read is a place to come back to.
func (s *Server) offerSignIn(r *http.Request, p *Problem) {
	p.ReturnTo = "/"
	if r.Method == http.MethodGet && !WantsFragment(r) {
		p.ReturnTo = ReturnPath(r.URL.RequestURI())
	}
	switch {
	case s.config.LocalSignIn:
		p.SignIn, p.LocalSignIn = "/login/local", true
	case s.config.Discord != nil:
		p.SignIn = signInPath(p.ReturnTo)
	}
}

// showPlain says the problem in plain text. It needs no view and no script.
func showPlain(w http.ResponseWriter, r *http.Request, p Problem) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	words := []string{p.Title + "."}
	for _, sentence := range []string{p.Message, p.Safe, p.Next} {
		if sentence != "" {
			words = append(words, sentence)
		}
	}
	_, _ = io.WriteString(w, strings.Join(words, " ")+"\n\nRequest "+p.RequestID+"\n")
}

// unauthenticated is the answer to nobody on a route for somebody.
func unauthenticated() error {
	return &models.Error{Code: models.Unauthenticated, Message: "Nobody is signed in in this browser."}
}
