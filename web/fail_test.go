package web

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestFailuresTellNothingSEC18(t *testing.T) {
	t.Parallel()
	log := &logBuffer{}
	c := testConfig(t)
	c.Logger = slog.New(slog.NewJSONHandler(log, nil))
	h := testApp(t, c, testRoutes())
	for path, status := range map[string]int{
		"/fail/invalid": 400, "/fail/unauthenticated": 401, "/fail/forbidden": 403, "/fail/not_found": 404, "/fail/gone": 410,
		"/fail/conflict": 409, "/fail/over_limit": 429, "/fail/busy": 503, "/fail/unavailable": 503, "/fail/internal": 500,
		"/fail/nonsense": 500, "/panic": 500,
	} {
		w := do(h, request("GET", path, nil))
		body := w.Body.String()
		if w.Code != status || !strings.Contains(body, w.Header().Get("X-Request-Id")) {
			t.Errorf("%s: %d %s, want %d with the request id", path, w.Code, body, status)
		}
		if strings.Contains(body, "SELECT") || strings.Contains(body, "secret") || strings.Contains(body, ".go") {
			t.Errorf("%s tells internals: %s", path, body)
		}
		if (status == 429 || status == 503) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After is %q", path, w.Header().Get("Retry-After"))
		}
		if status >= 500 && !strings.Contains(log.String(), w.Header().Get("X-Request-Id")) {
			t.Errorf("%s: the log does not know the request", path)
		}
	}
	if !strings.Contains(log.String(), "SELECT secret") {
		t.Error("the log does not know the cause")
	}
}

func TestFailureForHTMXIsAToast(t *testing.T) {
	t.Parallel()
	r := request("GET", "/fail/gone", nil)
	r.Header.Set("HX-Request", "true")
	w := do(testApp(t, testConfig(t), testRoutes()), r)
	if w.Code != http.StatusGone || w.Header().Get("HX-Retarget") != "#toasts" || !strings.Contains(w.Body.String(), "id=toast") {
		t.Errorf("got %d %q %s", w.Code, w.Header().Get("HX-Retarget"), w.Body)
	}
	if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "HX-Request, HX-Request-Type") {
		t.Errorf("Vary is %q", vary)
	}
}

func TestSessionPageOffersTheWayBack(t *testing.T) {
	t.Parallel()
	c := testConfig(t)
	c.LocalSignIn = true
	w := do(testApp(t, c, testRoutes()), request("GET", "/mine?a=b", nil))
	if w.Code != 401 || !strings.Contains(w.Body.String(), "signin=/login/local|return=/mine?a=b") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
