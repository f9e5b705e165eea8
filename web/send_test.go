package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mayfly/models"
)

func TestATextIsSavedNotShown(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	if err := SendText(w, request("GET", "/", nil), "run-ab.log", "<script>\n"); err != nil {
		t.Fatal(err)
	}
	h := w.Header()
	if h.Get("Content-Type") != "text/plain; charset=utf-8" || h.Get("Content-Disposition") != `attachment; filename="run-ab.log"` || w.Body.String() != "<script>\n" {
		t.Errorf("%v %q", h, w.Body)
	}
}

func TestOnlyPixelsAreShownFromTheAppSEC53(t *testing.T) {
	t.Parallel()
	for kind, shown := range map[string]bool{
		"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true,
		"image/svg+xml": false, "text/html": false, "application/pdf": false, "image/png\r\nX: y": false, "": false, "IMAGE/PNG": false,
	} {
		w := httptest.NewRecorder()
		err := SendPicture(w, request("GET", "/", nil), kind, []byte("<svg onload=alert(1)>"))
		switch {
		case shown && (err != nil || w.Header().Get("Content-Type") != kind || w.Code != 200):
			t.Errorf("%q: %d %v", kind, w.Code, err)
		case !shown && (models.CodeOf(err) != models.NotFoundCode || w.Body.Len() > 0):
			t.Errorf("%q: %v, sent %q", kind, err, w.Body)
		}
	}
}

func TestHeadOfAPictureHasNoBody(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	if err := SendPicture(w, request(http.MethodHead, "/", nil), "image/png", []byte(strings.Repeat("x", 9))); err != nil {
		t.Fatal(err)
	}
	if w.Body.Len() != 0 || w.Header().Get("Content-Length") != "9" {
		t.Errorf("%v %q", w.Header(), w.Body)
	}
}
