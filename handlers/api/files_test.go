package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestAFilesWayThroughTheAPI(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bot := r.bot(true)
	const content = "a,b\n1,2\n"
	sum := sha256.Sum256([]byte(content))
	made := bot.upload("/files?user_id=42", `C:\tmp\sales.csv`, content).want(201).object()
	id := made["file_id"].(string)
	for key, want := range map[string]any{"filename": "sales.csv", "size": 8.0, "type": "data", "version": 1.0, "source": "api", "sha256": hex.EncodeToString(sum[:]), "run_id": nil} {
		if made[key] != want {
			t.Errorf("%s is %v, not %v", key, made[key], want)
		}
	}
	if !strings.HasPrefix(id, "42_") || made["url"] != r.url+"/files/"+id {
		t.Errorf("%v", made)
	}
	for key, got := range bot.get("/files/" + id + "?user_id=42").want(200).object() {
		if got != made[key] {
			t.Errorf("%s is %v now, not %v", key, got, made[key])
		}
	}
	bot.get("/files/"+id).refuses(400, "invalid")                 // an app says for whom
	bot.get("/files/"+id+"?user_id=43").refuses(404, "not_found") // and the id alone opens nothing
	bot.content(id, 200, content)
	longer := bot.do(bot.request(http.MethodPost, "/files/"+id+"/extend?user_id=42", nil)).want(200).object()
	if longer["expires_at"].(string) <= made["expires_at"].(string) {
		t.Errorf("extended: %v", longer)
	}
	if a := bot.do(bot.request(http.MethodDelete, "/files/"+id+"?user_id=42", nil)).want(204); a.body != "" {
		t.Errorf("deleted: %q", a.body)
	}
	for _, path := range []string{"/files/" + id, "/files/" + id + "/content"} {
		bot.get(path+"?user_id=42").refuses(410, "gone")
		bot.get(path+"?user_id=43").refuses(404, "not_found")
	}
}

// content fetches a file's bytes with request headers, and checks what is the
// same for every part of them (SEC-53).
func (p *program) content(id string, status int, want string, headers ...string) *answer {
	p.t.Helper()
	req := p.request(http.MethodGet, "/files/"+id+"/content?user_id=42", nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	a := p.do(req).want(status)
	if a.body != want {
		p.t.Errorf("%v gave %q", headers, a.body)
	}
	if d := a.Header.Get("Content-Disposition"); status < 300 && !strings.HasPrefix(d, "attachment") {
		p.t.Errorf("a browser would show it: %q", d)
	}
	if c := a.Header.Get("Content-Security-Policy"); !strings.Contains(c, "sandbox") || !strings.Contains(c, "default-src 'none'") {
		p.t.Errorf("a browser may do what it likes: %q", c)
	}
	if a.Header.Get("Cache-Control") != "private, no-store" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		p.t.Errorf("headers: %v", a.Header)
	}
	return a
}

func TestAFilesBytesComeInParts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bot := r.bot(true)
	id := bot.upload("/files?user_id=42", "page.html", "0123456789").want(201).object()["file_id"].(string)
	etag := bot.content(id, 200, "0123456789").Header.Get("Etag")
	bot.content(id, 206, "234", "Range", "bytes=2-4")
	bot.content(id, 206, "89", "Range", "bytes=-2")
	bot.content(id, 206, "234", "Range", "bytes=2-4", "If-Range", etag)
	bot.content(id, 200, "0123456789", "Range", "bytes=2-4", "If-Range", `"another"`)
	bot.content(id, 304, "", "If-None-Match", etag)
	if a := bot.content(id, 200, "0123456789", "Accept-Encoding", "gzip"); a.Header.Get("Content-Encoding") != "" {
		t.Error("parts of what is compressed are no parts of the file")
	}
	head := bot.do(bot.request(http.MethodHead, "/files/"+id+"/content?user_id=42", nil)).want(200)
	if head.ContentLength != 10 || head.body != "" {
		t.Errorf("HEAD: %d bytes, %q", head.ContentLength, head.body)
	}
	req := bot.request(http.MethodGet, "/files/"+id+"/content?user_id=42", nil)
	req.Header.Set("Range", "bytes="+strings.Repeat("0-0,", 11)+"1-1")
	bot.do(req).refuses(416, "bad_range")
	req.Header.Set("Range", "bytes=10-20")
	if a := bot.do(req).refuses(416, "bad_range"); a.Header.Get("Content-Range") != "bytes */10" {
		t.Errorf("Content-Range: %q", a.Header.Get("Content-Range"))
	}
	req = bot.request(http.MethodGet, "/files/"+id+"/content?user_id=42", nil)
	req.Header.Set("If-Match", `"another"`)
	bot.do(req).refuses(412, "precondition_failed")
	req.Header.Set("If-Match", etag)
	bot.do(req).want(200)
	r.exec("UPDATE files SET expires_at = now()")
	for _, headers := range [][2]string{{"If-None-Match", etag}, {"Range", "bytes=0-1"}, {"X", "x"}} { // the clock is asked first (SEC-49)
		req := bot.request(http.MethodGet, "/files/"+id+"/content?user_id=42", nil)
		req.Header.Set(headers[0], headers[1])
		bot.do(req).refuses(410, "gone")
	}
}

func TestFilesAreListedByCursorSEC27(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bot := r.bot(true)
	for i := range 7 {
		bot.upload("/files?user_id=42", fmt.Sprintf("f%d.csv", i), "x").want(201)
	}
	bot.upload("/files?user_id=42", "pic.png", "x").want(201)
	bot.upload("/files?user_id=43", "f9.csv", "x").want(201)
	pages := func(who, query string, from ...string) (names []string) {
		cursor := strings.Join(from, "")
		for range 9 {
			page := bot.get("/files?user_id=" + who + query + cursor).want(200).object()
			for _, f := range page["files"].([]any) {
				names = append(names, f.(map[string]any)["filename"].(string))
			}
			if page["next_cursor"] == nil {
				return names
			}
			cursor = "&cursor=" + page["next_cursor"].(string)
		}
		t.Fatal("the list has no end")
		return nil
	}
	if got := fmt.Sprint(pages("42", "&limit=3&type=data")); got != "[f6.csv f5.csv f4.csv f3.csv f2.csv f1.csv f0.csv]" {
		t.Errorf("the list is %s", got)
	}
	if got := fmt.Sprint(pages("42", "&limit=8")); !strings.HasPrefix(got, "[pic.png f6") || strings.Count(got, ".") != 8 {
		t.Errorf("the list is %s", got)
	}
	if got := fmt.Sprint(pages("42", "&name=F3"), pages("42", "&source=web"), pages("77", "")); got != "[f3.csv] [] []" {
		t.Errorf("the lists are %s", got)
	}
	// What is deleted between two pages is in neither; a cursor of Ada's shows Bob nothing of hers.
	first := bot.get("/files?user_id=42&limit=2").want(200).object()["next_cursor"].(string)
	r.exec("UPDATE files SET expires_at = now() WHERE name IN ('f5.csv', 'f4.csv')")
	if got := fmt.Sprint(pages("42", "&limit=2", "&cursor="+first)[:2]); got != "[f3.csv f2.csv]" {
		t.Errorf("after a cursor: %s", got)
	}
	if got := fmt.Sprint(pages("43", "", "&cursor="+first)); got != "[]" && got != "[f9.csv]" {
		t.Errorf("Bob with Ada's cursor: %s", got)
	}
	if n := r.count("SELECT count(*) FROM users WHERE id = '77'"); n != 0 {
		t.Error("reading made an account")
	}
}

func TestAnUploadUnderAKeyIsKeptOnceSEC25(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bot := r.bot(true)
	send := func(name, content, key string) *answer {
		return bot.upload("/files?user_id=42", name, content, "Idempotency-Key", key)
	}
	first := send("a.txt", "one", "k").want(201).object()["file_id"]
	if again := send("a.txt", "one", "k").want(201).object()["file_id"]; again != first {
		t.Errorf("the same upload made %v", again)
	}
	send("a.txt", "two", "k").refuses(422, "key_reused")
	send("b.txt", "one", "k").refuses(422, "key_reused")
	bot.post("/runs", `{"code":"1","user_id":"42"}`, "Idempotency-Key", "k").refuses(422, "key_reused")
	if other := send("a.txt", "one", "k2").want(201).object()["file_id"]; other == first {
		t.Error("another key gave the same file")
	}
	var all sync.WaitGroup
	ids := make([]any, 8)
	for i := range ids { // a client that tries again while the first try is still on its way
		all.Go(func() { ids[i] = send("c.txt", "three", "k3").want(201).object()["file_id"] })
	}
	all.Wait()
	if slices.ContainsFunc(ids, func(id any) bool { return id != ids[0] }) {
		t.Errorf("at once: %v", ids)
	}
	if n := r.count("SELECT count(*) FROM files"); n != 3 {
		t.Errorf("%d files", n)
	}
	r.exec("UPDATE files SET expires_at = now()")
	send("a.txt", "one", "k").refuses(410, "gone")
}

func TestAFileIsExtendedOnceUnderAKeySEC25(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bot := r.bot(true)
	one, two := bot.upload("/files?user_id=42", "a.txt", "x").want(201).object(), bot.upload("/files?user_id=42", "b.txt", "x").want(201).object()
	extend := func(file map[string]any, key string) *answer {
		req := bot.request(http.MethodPost, "/files/"+file["file_id"].(string)+"/extend?user_id=42", nil)
		if key != "" {
			req.Header.Set("Idempotency-Key", key)
		}
		return bot.do(req)
	}
	first := extend(one, "k").want(200).object()["expires_at"].(string)
	if first <= one["expires_at"].(string) {
		t.Errorf("it lives until %s", first)
	}
	if again := extend(one, "k").want(200).object()["expires_at"]; again != first {
		t.Errorf("the same request gave it more: %v", again)
	}
	extend(two, "k").refuses(422, "key_reused")
	bot.upload("/files?user_id=42", "a.txt", "x", "Idempotency-Key", "k").refuses(422, "key_reused")
	bot.post("/runs", `{"code":"1","user_id":"42"}`, "Idempotency-Key", "k").refuses(422, "key_reused")
	if other := extend(one, "k2").want(200).object()["expires_at"].(string); other <= first {
		t.Errorf("another key gave nothing: %s", other)
	}
	extend(one, "").want(200)
	extend(one, "k3").refuses(409, "conflict") // and a key that did nothing is not used up
	extend(one, "a b").refuses(400, "invalid")
	r.exec("UPDATE files SET expires_at = now()")
	extend(one, "k").refuses(410, "gone")
}

func TestAnUploadMaySayForWhomInItsForm(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bot := r.bot(true)
	form := "--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n42\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n"
	send := func(path string) *answer {
		req := bot.request(http.MethodPost, path, strings.NewReader(form))
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		return bot.do(req)
	}
	id := send("/files").want(201).object()["file_id"].(string)
	bot.content(id, 200, "hello")
	send("/files?user_id=42").want(201)
	send("/files?user_id=43").refuses(400, "invalid")
	form = strings.Replace(form, "--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n42\r\n", "", 1)
	form = strings.Replace(form, "--x--", "--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n42\r\n--x--", 1)
	send("/files").refuses(400, "invalid") // too late to say it first
	send("/files?user_id=42").want(201)
}
