package handlers_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/models"
)

func TestSettingsSayWhoYouAreAndWhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	req := r.nobody()
	req.id = ada.id
	login := req.form("/login/local", url.Values{"discord_id": {"42"}, "name": {"person 42"}})
	login.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	req.do(login).want(303)

	page := ada.get("/settings").want(200)
	if got := page.words("#profile"); !strings.Contains(got, "person 42") || !strings.Contains(got, "Discord id 42") {
		t.Errorf("the profile: %q", got)
	}
	if got := page.words("#sessions"); !strings.Contains(got, "Firefox on Linux") || !strings.Contains(got, "This browser") || strings.Count(got, "Signed in") != 2 {
		t.Errorf("the browsers: %q", got)
	}
	other, _ := page.page().Find("#sessions form[action$='/end'][action^='/settings/sessions/']").Last().Attr("action")
	if at := ada.post(other, url.Values{}).want(303).at(); at != "/settings#sessions" {
		t.Errorf("it leads to %s", at)
	}
	req.get("/settings").want(401)
	ada.get("/settings").want(200)
	ada.post(other, url.Values{}).want(404)
	for _, id := range []string{"x", "%00", strings.Repeat("a", 32), "..%2f"} {
		ada.post("/settings/sessions/"+id+"/end", url.Values{}).want(404)
	}
}

func TestEverywhereElseIsSignedOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	here, there, bob := r.person("42"), r.person("42"), r.person("43")
	here.post("/settings/sessions/end", url.Values{}).want(303)
	there.get("/settings").want(401)
	here.get("/settings").want(200)
	bob.get("/settings").want(200)
}

func TestAThemeIsInTheFirstByteOfEveryPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	root := func(p *person, path string) string {
		return p.get(path).page().Find("html").AttrOr("data-theme", "") + "/" + p.get(path).page().Find("meta[name=color-scheme]").AttrOr("content", "")
	}
	if got := root(ada, "/settings"); got != "/light dark" {
		t.Errorf("at first: %s", got)
	}
	for _, theme := range []string{"dark", "light", ""} {
		ada.post("/settings/theme", url.Values{"theme": {theme}}).want(303)
		want := theme + "/" + theme
		if theme == "" {
			want = "/light dark"
		}
		for _, path := range []string{"/", "/files", "/runs", "/docs", "/docs/api", "/settings", "/nothing-here"} {
			if got := root(ada, path); got != want {
				t.Errorf("%s with %q: %s", path, theme, got)
			}
		}
		if pressed := ada.get("/settings").page().Find(".segments [aria-pressed=true]"); pressed.AttrOr("value", "?") != theme || pressed.Length() != 1 {
			t.Errorf("%q is not the pressed one", theme)
		}
	}
	ada.post("/settings/theme", url.Values{"theme": {"puce\x00"}}).want(400)
	ada.post("/settings/theme", url.Values{"theme": {"puce"}}).want(400)
	if got := root(bob, "/"); got != "/light dark" {
		t.Errorf("somebody else's: %s", got)
	}
}

func TestShortcutsAreTurnedOffAndOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	on := func() string { return ada.get("/settings").page().Find(".switch").AttrOr("aria-checked", "") }
	for _, c := range []struct{ send, want string }{{"0", "false"}, {"1", "true"}} {
		ada.post("/settings/shortcuts", url.Values{"on": {c.send}}).want(303)
		if got := on(); got != c.want {
			t.Errorf("after %s it is %s", c.send, got)
		}
	}
	ada.do(part(ada.form("/settings/shortcuts", url.Values{"on": {"0"}}))).want(204)
	ada.post("/settings/shortcuts", url.Values{"on": {"maybe"}}).want(400)
	if on() != "false" {
		t.Error("a bad value changed it")
	}
}

// unzipped are the parts of the copy.
func unzipped(t *testing.T, body string) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

func TestTheCopyOfMyDataIsWholeAndMine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	run := r.done(ada.id, "ada_alone()", stdout(1, "said\n"), models.Output{Seq: 2, Stream: "display", Bundle: map[string]string{"image/png": pixel}})
	waiting := r.queue(ada.id, "waiting()")
	kept, gone := r.keep(ada.id, "ada.csv", "a,b\n", run.ID), r.keep(ada.id, "gone.csv", "x")
	if err := r.store.DeleteFile(t.Context(), ada.id, gone.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.MakeNotebook(t.Context(), ada.id, models.NewNotebook{Name: "Raid / night", Cells: []models.NewCell{{Kind: models.CodeCell, Text: "cell_text()"}}}); err != nil {
		t.Fatal(err)
	}
	binned, err := r.store.MakeNotebook(t.Context(), ada.id, models.NewNotebook{Name: "binned", Cells: []models.NewCell{{Kind: models.CodeCell, Text: "binned_text()"}}})
	if err == nil {
		err = r.store.DeleteNotebook(t.Context(), ada.id, binned.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	r.exec("UPDATE notebooks SET changed_at = now() - interval '1 hour' WHERE name = 'binned'")
	secret, _, err := r.store.CreateToken(t.Context(), ada.id, newToken(t, []models.Scope{models.ScopeRun}))
	if err != nil {
		t.Fatal(err)
	}
	r.done(bob.id, "bob_alone()")
	r.keep(bob.id, "bob.csv", "bob")

	a := ada.get("/settings/data.zip").want(200)
	parts := unzipped(t, a.body)
	for name, want := range map[string][]string{
		"README.txt":                        {"profile.json"},
		"profile.json":                      {`"discord_id": "42"`, `"scopes"`},
		"runs.json":                         {"ada_alone()", "said", pixel, string(waiting.ID), `"ending":"ok"`},
		"notebooks/1 Raid - night.ipynb":    {"cell_text()", "nbformat"},
		"notebooks/2 binned (deleted).json": {"binned_text()"},
		"files.json":                        {string(kept.ID), "gone.csv", `"lives":false`},
		"files/ada.csv":                     {"a,b\n"},
		"audit.json":                        {"token.create"},
	} {
		for _, words := range want {
			if !strings.Contains(parts[name], words) {
				t.Errorf("%s lacks %q: %.300s", name, words, parts[name])
			}
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(parts[name])) {
			t.Errorf("%s is no JSON: %.300s", name, parts[name])
		}
	}
	whole := strings.Join(func() (all []string) {
		for name, text := range parts {
			all = append(all, name, text)
		}
		return all
	}(), "\n")
	if strings.Contains(whole, "bob") || strings.Contains(whole, secret) || len(parts) != 8 {
		t.Errorf("the copy holds too much: %d parts", len(parts))
	}
	if got := a.Header.Get("Content-Disposition"); !strings.Contains(got, `filename="mayfly-data.zip"`) {
		t.Errorf("it is saved as %s", got)
	}
	ada.get("/settings/data.zip").want(200)
	if again := ada.get("/settings/data.zip"); again.StatusCode != http.StatusTooManyRequests || again.Header.Get("Retry-After") == "" {
		t.Errorf("the third in a minute: %d", again.StatusCode)
	}
	empty := unzipped(t, r.person("44").get("/settings/data.zip").want(200).body)
	if strings.TrimSpace(empty["runs.json"]) != "[\n]" || !json.Valid([]byte(empty["files.json"])) {
		t.Errorf("of somebody without anything: %q", empty)
	}
}

func TestAnAccountIsDeletedByItsWord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, elsewhere, bob := r.person("42"), r.person("42"), r.person("43")
	run := r.done(ada.id, "1")
	file := r.keep(ada.id, "a.csv", "x")
	key := file.BlobKey
	r.keep(bob.id, "b.csv", "x")
	for _, word := range []string{"", "yes", "delete it", "\u0000", strings.Repeat("delete", 10_000)} {
		a := ada.post("/settings/delete-account", url.Values{"confirm": {word}})
		if a.StatusCode != 422 && a.StatusCode != 400 {
			t.Errorf("%.20q answers %d", word, a.StatusCode)
		}
	}
	refused := ada.post("/settings/delete-account", url.Values{"confirm": {"no"}}).want(422)
	if got := refused.words("#delete-fault"); !strings.Contains(got, "Nothing was deleted") {
		t.Errorf("the refusal says %q", got)
	}
	ada.get("/runs/" + string(run.ID)).want(200)

	at := ada.post("/settings/delete-account", url.Values{"confirm": {" Delete "}}).want(303).at()
	if said := ada.get(at).want(200).words("main"); !strings.Contains(said, "Your account is deleted") {
		t.Errorf("it leads to %s, which says %.100q", at, said)
	}
	for _, p := range []*person{ada, elsewhere} {
		p.get("/settings").want(401)
	}
	if n := r.count("SELECT count(*) FROM users WHERE id = '42'"); n != 0 {
		t.Error("the account is there")
	}
	if n, err := r.vault.Sweep(t.Context()); err != nil || n != 0 {
		t.Errorf("the sweep: %d %v", n, err)
	}
	if n := r.count("SELECT count(*) FROM leftovers"); n != 0 || key == "" {
		t.Errorf("%d blobs are left", n)
	}
	fresh := r.person("42")
	if got := fresh.get("/").want(200).words("main"); strings.Contains(got, "a.csv") || !strings.Contains(got, "This sample") {
		t.Errorf("the new account sees %.300q", got)
	}
	fresh.get("/runs/" + string(run.ID)).want(404)
	fresh.get("/files/" + string(file.ID)).want(404)
	bob.get("/files").want(200)
}
