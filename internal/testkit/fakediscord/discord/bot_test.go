package discord

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const channel = "/api/v10/channels/400000000000000001"

// asBot sends one request and returns status and body.
func asBot(t *testing.T, base, method, path, token, kind string, body io.Reader) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", token)
	r.Header.Set("Content-Type", kind)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, got
}

func withBot(t *testing.T) (*Server, string) {
	t.Helper()
	s := New(Config{ClientID: "1", BotToken: "secret", Channels: []Channel{{ID: "400000000000000001", GuildID: "2", Name: "general"}}})
	listening := httptest.NewServer(s)
	t.Cleanup(listening.Close)
	return s, listening.URL
}

func TestABotIsLetInByItsTokenAlone(t *testing.T) {
	t.Parallel()
	_, url := withBot(t)
	for token, want := range map[string]int{"Bot secret": 200, "Bot other": 401, "Bearer secret": 401, "secret": 401, "": 401, "Bot ": 401} {
		for _, path := range []string{"/api/v10/users/@me", "/api/v10/oauth2/applications/@me", channel} {
			if got, _ := asBot(t, url, "GET", path, token, "", nil); got != want {
				t.Errorf("%q %s: %d, want %d", token, path, got, want)
			}
		}
	}
	if got, _ := asBot(t, url, "GET", "/api/v10/channels/5", "Bot secret", "", nil); got != 404 {
		t.Errorf("an unknown channel gave %d", got)
	}
}

func TestMessagesAreRefusedAsDiscordDoes(t *testing.T) {
	t.Parallel()
	s, url := withBot(t)
	for _, c := range []struct {
		kind, body string
		status     int
		code       float64
	}{
		{"application/json", `{"content":""}`, 400, 50006},
		{"application/json", `{"content":"` + strings.Repeat("ä", contentMost+1) + `"}`, 400, 50035},
		{"application/json", `{`, 400, 50035},
		{"text/plain", `x`, 400, 50035},
		{"application/json", `{"content":"` + strings.Repeat("ä", contentMost) + `"}`, 200, 0},
	} {
		status, body := asBot(t, url, "POST", channel+"/messages", "Bot secret", c.kind, strings.NewReader(c.body))
		var answer struct{ Code float64 }
		if err := json.Unmarshal(body, &answer); err != nil || status != c.status || answer.Code != c.code {
			t.Errorf("%s %.30s: %d %s", c.kind, c.body, status, body)
		}
	}
	if kept := s.Messages("400000000000000001"); len(kept) != 1 {
		t.Errorf("%d messages are kept", len(kept))
	}
}

func TestFilesComeBackFromTheCDNByTheirLinkOnly(t *testing.T) {
	t.Parallel()
	s, url := withBot(t)
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("payload_json", `{"content":"here"}`)
	file, err := parts.CreateFormFile("files[0]", "my table.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte("x\n1\n"))
	_ = parts.Close()
	status, body := asBot(t, url, "POST", channel+"/messages", "Bot secret", parts.FormDataContentType(), &form)
	var sent struct {
		Attachments []struct{ URL, Filename string }
	}
	if err := json.Unmarshal(body, &sent); err != nil || status != 200 || len(sent.Attachments) != 1 {
		t.Fatalf("%d %s", status, body)
	}
	link := strings.TrimPrefix(sent.Attachments[0].URL, url)
	if status, data := asBot(t, url, "GET", link, "", "", nil); status != 200 || string(data) != "x\n1\n" {
		t.Errorf("%d %q", status, data)
	}
	for _, other := range []string{link[:strings.Index(link, "?")], strings.Replace(link, "hm=", "hm=0", 1), strings.Replace(link, "ex=", "ex=7", 1)} {
		if status, _ := asBot(t, url, "GET", other, "", "", nil); status != 404 {
			t.Errorf("%s gave %d", other, status)
		}
	}
	if kept := s.Messages("400000000000000001"); kept[0].Files[0].Name != "my_table.csv" {
		t.Errorf("kept as %q", kept[0].Files[0].Name)
	}
}
