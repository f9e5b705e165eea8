package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mayfly/models"
)

func linksFor(t *testing.T, base string, secret, older []byte) *Links {
	t.Helper()
	ring, err := deriveKeys(secret, older)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return &Links{ring: ring, base: u}
}

func secretOf(b byte) []byte {
	secret := make([]byte, secretBytes)
	for i := range secret {
		secret[i] = b
	}
	return secret
}

func asked(address string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.SetPathValue("id", strings.TrimPrefix(r.URL.Path, "/f/"))
	return r
}

// aFile lives for life from now on.
func aFile(life time.Duration) *models.File {
	now := time.Now()
	return &models.File{ID: "42_1_abc", UserID: "42", Name: "a.csv", ReadAt: now, ExpiresAt: now.Add(life)}
}

func TestLinkTamperingSEC52(t *testing.T) {
	t.Parallel()
	links := linksFor(t, "http://127.0.0.1:8081", secretOf(1), nil)
	good := links.For(aFile(time.Hour), Attachment)
	if k, err := links.check(asked(good)); err != nil || k.file != "42_1_abc" || k.owner != "42" || k.disposition != Attachment {
		t.Fatalf("the link itself: %+v, %v", k, err)
	}
	change := func(field, value string) string {
		u, _ := url.Parse(good)
		query := u.Query()
		query.Set(field, value)
		u.RawQuery = query.Encode()
		return u.String()
	}
	drop := func(field string) string {
		u, _ := url.Parse(good)
		query := u.Query()
		query.Del(field)
		u.RawQuery = query.Encode()
		return u.String()
	}
	for name, address := range map[string]string{
		"another file":        strings.Replace(good, "42_1_abc", "42_1_abd", 1),
		"another owner":       change("u", "43"),
		"another disposition": change("d", "i"),
		"a later end":         change("e", "99999999999"),
		"an end that is none": change("e", "soon"),
		"an end with a zero":  change("e", "0"+asked(good).URL.Query().Get("e")),
		"an end with a plus":  change("e", "+"+asked(good).URL.Query().Get("e")),
		"another key":         change("k", "00000000"),
		"another signature":   change("s", strings.Repeat("A", 43)),
		"a short signature":   change("s", "AAAA"),
		"no signature":        change("s", ""),
		"signature dropped":   drop("s"),
		"owner dropped":       drop("u"),
		"a field twice":       good + "&d=i",
		"a field more":        good + "&x=1",
		"a broken query":      good + "&%zz",
	} {
		if _, err := links.check(asked(address)); err != error(errBadLink) {
			t.Errorf("%s: got %v, want errBadLink", name, err)
		}
	}
	other := linksFor(t, "http://127.0.0.9:8081", secretOf(1), nil)
	if _, err := other.check(asked(good)); err != error(errBadLink) {
		t.Errorf("on another host: got %v, want errBadLink", err)
	}
}

func TestLinkEndsSEC52(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		links := linksFor(t, "http://127.0.0.1:8081", secretOf(1), nil)
		long, short := links.For(aFile(time.Hour), Attachment), links.For(aFile(time.Minute), Attachment)
		<-time.After(59 * time.Second) // fake time: nobody waits
		if _, err := links.check(asked(short)); err != nil {
			t.Errorf("a second before the file ends: %v", err)
		}
		<-time.After(time.Second)
		if _, err := links.check(asked(short)); err != error(errOldLink) {
			t.Errorf("after the file's end: got %v, want errOldLink", err)
		}
		if _, err := links.check(asked(long)); err != nil {
			t.Errorf("after a minute: %v", err)
		}
		<-time.After(4 * time.Minute)
		if _, err := links.check(asked(long)); err != error(errOldLink) {
			t.Errorf("after five minutes: got %v, want errOldLink", err)
		}
	})
}

func TestLinkKeyRotationSEC61(t *testing.T) {
	t.Parallel()
	before := linksFor(t, "http://127.0.0.1:8081", secretOf(1), nil)
	after := linksFor(t, "http://127.0.0.1:8081", secretOf(2), secretOf(1))
	gone := linksFor(t, "http://127.0.0.1:8081", secretOf(2), nil)
	old := before.For(aFile(time.Hour), Attachment)
	if _, err := after.check(asked(old)); err != nil {
		t.Errorf("a link of the old key: %v", err)
	}
	if _, err := gone.check(asked(old)); err != error(errBadLink) {
		t.Errorf("a link of a key that is gone: got %v, want errBadLink", err)
	}
	if _, err := before.check(asked(after.For(aFile(time.Hour), Attachment))); err != error(errBadLink) {
		t.Errorf("a new link under the old key alone: got %v, want errBadLink", err)
	}
}

func TestSecretsSEC61(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2][]byte{
		"none": {nil, nil}, "short": {make([]byte, 31), nil}, "short old one": {secretOf(1), make([]byte, 5)}, "same twice": {secretOf(1), secretOf(1)},
	} {
		if _, err := deriveKeys(pair[0], pair[1]); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
