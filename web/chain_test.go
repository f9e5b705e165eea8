package web

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"mayfly/models"
)

func TestRouteWithoutAudienceDoesNotStartSEC1(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testConfig(t))
	for name, rt := range map[string]Route{
		"no audience":        {Method: "GET", Pattern: "/x", Handle: say("")},
		"no handler":         {Method: "GET", Pattern: "/x", Audience: Public},
		"no method":          {Pattern: "/x", Audience: Public, Handle: say("")},
		"a relative pattern": {Method: "GET", Pattern: "x", Audience: Public, Handle: say("")},
		"any host for pages": {Method: "GET", Pattern: "/x", Audience: Public, AnyHost: true, Handle: say("")},
		"a made-up audience": {Method: "GET", Pattern: "/x", Audience: 99, Handle: say("")},
	} {
		if _, err := s.Handler([]Route{rt}); err == nil {
			t.Errorf("%s: started", name)
		}
	}
}

func TestNobodyPassesSessionRouteSEC1(t *testing.T) {
	t.Parallel()
	w := do(testApp(t, testConfig(t), testRoutes()), request("GET", "/mine", nil))
	if w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "mine|") || w.Body.String() == "mine" {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}

// everyKind are requests whose answers come from every corner of the chain.
func everyKind() map[string]*http.Request {
	htmx := request("GET", "/nothing", nil)
	htmx.Header.Set("HX-Request", "true")
	foreign := request("GET", "/", nil)
	foreign.Host = "evil.example"
	neighbour := request("GET", "/", nil)
	neighbour.Host = "127.0.0.1:8080"
	cross := request("POST", "/change", strings.NewReader("a=b"))
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	big := request("POST", "/change", strings.NewReader("a="+strings.Repeat("x", DefaultBody)))
	return map[string]*http.Request{
		"page": request("GET", "/", nil), "head": request("HEAD", "/", nil), "asset": request("GET", "/static/a.css", nil),
		"health": request("GET", "/healthz", nil), "401": request("GET", "/mine", nil), "404": request("GET", "/nothing", nil),
		"405": request("DELETE", "/mine", nil), "303": request("POST", "/change", strings.NewReader("a=b")),
		"clean path": request("GET", "//mine/../mine", nil), "panic": request("GET", "/panic", nil),
		"410": request("GET", "/fail/gone", nil), "500": request("GET", "/fail/internal", nil), "htmx 404": htmx,
		"421": foreign, "307": neighbour, "403 cross-site": cross, "413": big,
		"login off": request("GET", "/login/discord", nil),
	}
}

func TestHeadersOnEveryResponseSEC11SEC12(t *testing.T) {
	t.Parallel()
	for name, r := range everyKind() {
		w := do(testApp(t, testConfig(t), testRoutes()), r)
		for header, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
				"font-src 'self'; img-src 'self' http://127.0.0.1:8081; media-src http://127.0.0.1:8081; " +
				"frame-src 'self' http://127.0.0.1:8081; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s (%d): %s is %q, want %q", name, w.Code, header, got, want)
			}
		}
		if w.Header().Get("Permissions-Policy") == "" || w.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: no Permissions-Policy or X-Request-Id", name)
		}
		if w.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS without TLS", name)
		}
		if len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: an anonymous visit got a cookie (SEC-3)", name)
		}
	}
}

func TestHSTSWithTLSSEC12(t *testing.T) {
	t.Parallel()
	c := testConfig(t)
	c.URL, c.ContentURL = mustURL(t, "https://mayfly.example"), mustURL(t, "https://bytes.example")
	r := request("GET", "/", nil)
	r.Host = "mayfly.example"
	w := do(testApp(t, c, testRoutes()), r)
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("got %d, %q", w.Code, w.Header().Get("Strict-Transport-Security"))
	}
}

func TestHostAllowlistSEC14(t *testing.T) {
	t.Parallel()
	h := testApp(t, testConfig(t), testRoutes())
	for _, c := range []struct {
		method, host, path string
		status             int
		location           string
	}{
		{"GET", "localhost:8080", "/", 200, ""},
		{"GET", "LOCALHOST:8080", "/", 200, ""},
		{"GET", "evil.example", "/", 421, ""},
		{"GET", "localhost.evil.example:8080", "/", 421, ""},
		{"GET", "", "/", 421, ""},
		{"GET", "192.0.2.7:8080", "/", 421, ""},
		{"GET", "127.0.0.1:8080", "/files?q=a", 307, appURL + "/files?q=a"},
		{"HEAD", "[::1]:8080", "/", 307, appURL + "/"},
		{"GET", "localhost", "/", 307, appURL + "/"},
		{"GET", "127.0.0.1:8080", "//evil.example/", 307, appURL + "//evil.example/"},
		{"POST", "127.0.0.1:8080", "/change", 421, ""},
		{"GET", "evil.example", "/healthz", 200, ""},
	} {
		r := request(c.method, "/", nil)
		r.Host = c.host
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(c.path, "?")
		w := do(h, r)
		if w.Code != c.status || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s%s: %d to %q, want %d to %q", c.method, c.host, c.path, w.Code, w.Header().Get("Location"), c.status, c.location)
		}
		if w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s %s: a cookie before the right host", c.method, c.host)
		}
	}
}

func TestLoopbackNamesStayOutInProductionSEC14(t *testing.T) {
	t.Parallel()
	c := testConfig(t)
	c.URL = mustURL(t, "https://mayfly.example")
	h := testApp(t, c, testRoutes())
	r := request("GET", "/", nil)
	r.Host = "127.0.0.1:8080"
	if w := do(h, r); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("got %d, want 421", w.Code)
	}
}

func TestCrossSiteTableSEC10(t *testing.T) {
	t.Parallel()
	h := testApp(t, testConfig(t), testRoutes())
	const cookie = "mayfly=not-a-session-that-is-looked-up-because-it-is-far-too-long-" +
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	for _, c := range []struct {
		name, site, origin, cookie string
		status                     int
	}{
		{"our form in a browser", "same-origin", appURL, cookie, 303},
		{"typed into the browser", "none", "", cookie, 303},
		{"an older browser", "", appURL, cookie, 303},
		{"curl without a cookie", "", "", "", 303},
		{"curl with a cookie", "", "", cookie, 403},
		{"curl with a cookie and Origin", "", appURL, cookie, 303},
		{"another site", "cross-site", "http://evil.example", cookie, 403},
		{"another site without a cookie", "cross-site", "http://evil.example", "", 403},
		{"a sister site", "same-site", "http://x.localhost:8080", cookie, 403},
		{"the content origin", "cross-site", contentURL, cookie, 403},
		{"Origin null", "", "null", cookie, 403},
		{"Origin null, called same", "same-origin", "null", cookie, 403},
		{"another scheme", "", "https://localhost:8080", cookie, 403},
		{"another port", "", "http://localhost:9999", cookie, 403},
		{"a proxy of another name", "same-origin", "http://public.example", cookie, 403},
	} {
		r := request("POST", "/change", strings.NewReader("a=b"))
		for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin, "Cookie": c.cookie} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if w := do(h, r); w.Code != c.status {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
	}
}

func TestNoMethodOverrideSEC10(t *testing.T) {
	t.Parallel()
	r := request("GET", "/change?_method=POST", nil)
	r.Header.Set("X-HTTP-Method-Override", "POST")
	w := do(testApp(t, testConfig(t), testRoutes()), r)
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
		t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestLogHoldsNoSecretsSEC62(t *testing.T) {
	t.Parallel()
	log := &logBuffer{}
	c := testConfig(t)
	c.Logger = slog.New(slog.NewTextHandler(log, nil))
	h := testApp(t, c, testRoutes())
	r := request("GET", "/mine?code=SECRET1&state=SECRET2", nil)
	r.AddCookie(&http.Cookie{Name: "mayfly", Value: strings.Repeat("SECRET3", 30)})
	r.Header.Set("Authorization", "Bearer SECRET4")
	r.Header.Set("Referer", "http://localhost/SECRET5")
	r.Header.Set("User-Agent", "SECRET6")
	do(h, r)
	do(h, request("POST", "/change", strings.NewReader("code=SECRET7")))
	long := request("GET", "/"+strings.Repeat("x", 5000), nil)
	long.URL.Path = "/\x1b[31m\nforged line " + strings.Repeat("x", 5000)
	do(h, long)
	text := log.String()
	if strings.Contains(text, "SECRET") {
		t.Errorf("the log holds a secret:\n%s", text)
	}
	if strings.Contains(text, "\x1b") || strings.Contains(text, "\nforged") || strings.Contains(text, strings.Repeat("x", 300)) {
		t.Errorf("the log is not bounded and escaped:\n%.600s", text)
	}
	for _, want := range []string{"status=401", `route="GET /mine"`, "path=/mine", "client=127.0.0.1", "request="} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %s:\n%s", want, text)
		}
	}
}

func TestFormRefusesWhatIsNoTextSEC16(t *testing.T) {
	t.Parallel()
	h := testApp(t, testConfig(t), testRoutes())
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"fine": {"code=print(1)", 303}, "NUL": {"code=a%00b", 400}, "NUL in a name": {"a%00=b", 400},
		"no UTF-8": {"code=%ff%fe", 400}, "broken escape": {"code=%zz", 400},
		"many fields": {strings.Repeat("a=1&", maxFields+1), 400}, "too large": {"a=" + strings.Repeat("x", DefaultBody), 413},
	} {
		if w := do(h, request("POST", "/change", strings.NewReader(c.body))); w.Code != c.status {
			t.Errorf("%s: %d, want %d", name, w.Code, c.status)
		}
		unsized := request("POST", "/change", strings.NewReader(c.body))
		unsized.ContentLength = -1
		if w := do(h, unsized); w.Code != c.status {
			t.Errorf("%s, length not said: %d, want %d", name, w.Code, c.status)
		}
	}
}

func TestConfigurationFaultsAreTold(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Config){
		"no URL":               func(c *Config) { c.URL = nil },
		"a path in the URL":    func(c *Config) { c.URL = mustURL(t, "http://localhost:8080/app") },
		"one host name, twice": func(c *Config) { c.ContentURL = mustURL(t, "http://localhost:8081") },
		"no secret":            func(c *Config) { c.Secret = nil },
		"no pages":             func(c *Config) { c.Pages = Pages{} },
		"no store":             func(c *Config) { c.Store = nil },
		"local and Discord":    func(c *Config) { c.LocalSignIn, c.Discord = true, &Discord{} },
	} {
		c := testConfig(t)
		spoil(&c)
		if _, err := NewServer(c); err == nil {
			t.Errorf("%s: started", name)
		}
	}
}

func TestOwnerIsNobodyWithoutSession(t *testing.T) {
	t.Parallel()
	r := request("GET", "/", nil)
	if Owner(r) != models.UserID("") || CurrentUser(r) != nil || RequestID(r) != "" {
		t.Error("a request outside the chain has an identity")
	}
}
