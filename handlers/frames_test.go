package handlers_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"mayfly/models"
)

// TestWhatHoldsScriptIsShownElsewhere (SEC-53, SEC-54): HTML, SVG and figures of a
// run come from the content origin alone, by a signed link, under a policy that
// lets them run what they hold and reach nothing.
func TestWhatHoldsScriptIsShownElsewhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, eve := r.person("42"), r.person("43")
	run := r.done(ada.id, "1", models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{
		"image/svg+xml": "<svg onload=alert(1)>", "text/html": "<b>bold</b>", "application/vnd.plotly.v1+json": `{"layout":{"title":"</script><script>x"}}`,
		"text/plain": "no frame",
	}})
	path := "/runs/" + string(run.ID) + "/outputs/1?type="
	for kind, want := range map[string]struct{ media, policy, body string }{
		"image/svg%2Bxml":                  {"image/svg+xml", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'", "<svg onload"},
		"text/html":                        {"text/html; charset=utf-8", "sandbox allow-scripts", "<b>bold</b>"},
		"application/vnd.plotly.v1%2Bjson": {"text/html; charset=utf-8", "sandbox allow-scripts", `\u003c/script>`},
	} {
		to := ada.get(path + kind).want(http.StatusSeeOther).Header.Get("Location")
		if !strings.HasPrefix(to, r.content.String()+"/o/") {
			t.Errorf("%s is sent to %s", kind, to)
			continue
		}
		answer, body := fetch(t, to)
		policy := answer.Header.Get("Content-Security-Policy")
		if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != want.media || !strings.Contains(policy, want.policy) || !strings.Contains(body, want.body) {
			t.Errorf("%s: %d %s %q\n%.500s", kind, answer.StatusCode, answer.Header.Get("Content-Type"), policy, body)
		}
		for _, never := range []string{"allow-same-origin", "allow-top-navigation", "allow-popups", "allow-forms", "connect-src"} {
			if strings.Contains(policy, never) {
				t.Errorf("%s may %s", kind, never)
			}
		}
		eve.get(path + kind).want(404)
		for _, changed := range []string{strings.Replace(to, "/1?", "/2?", 1), strings.Replace(to, "u=42", "u=43", 1), to + "&x=1", strings.Replace(to, "m=", "m=x", 1)} {
			if answer, _ := fetch(t, changed); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s answers %d", changed, answer.StatusCode)
			}
		}
	}
	pictured := r.done(ada.id, "2", models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{"application/vnd.plotly.v1+json": "{}", "image/png": `AA==">`}})
	seen := ada.get("/runs/" + string(pictured.ID) + "/outputs/1?type=application/vnd.plotly.v1%2Bjson").want(http.StatusSeeOther).Header.Get("Location")
	if _, body := fetch(t, seen); !strings.Contains(body, `<img alt="" src="data:image/png;base64,AA==&#34;&gt;">`) {
		t.Errorf("without plotly.js its picture is not shown: %.1500s", body)
	}
	to := ada.get(path + "text/html").want(http.StatusSeeOther).Header.Get("Location")
	r.exec("UPDATE runs SET expires_at = now()")
	if answer, _ := fetch(t, to); answer.StatusCode != http.StatusNotFound {
		t.Errorf("when its time is over it answers %d", answer.StatusCode)
	}
	ada.get(path + "text/html").want(404)
	if answer, _ := fetch(t, r.content.String()+"/scripts/plotly-0.js"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a script of no version answers %d", answer.StatusCode)
	}
}

func fetch(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}
