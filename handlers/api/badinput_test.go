package api_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mayfly/models"
	"mayfly/storage"
)

// rows counts everything that a refused call must leave as it is.
func (r *rig) rows() int {
	r.t.Helper()
	return r.count(`SELECT (SELECT count(*) FROM users) + 1000 * (SELECT count(*) FROM runs) + 1000000 * (SELECT count(*) FROM files) +
		1000000000 * (SELECT count(*) FROM replays) + (SELECT count(*) FROM app_links) + (SELECT count(*) FROM run_inputs) +
		(SELECT count(*) FROM audits) + (SELECT count(*) FROM questions)`)
}

// person makes an account with a file.
func (r *rig) person(id string) (models.UserID, *models.File) {
	r.t.Helper()
	user, err := r.Store.SignIn(r.t.Context(), models.DiscordProfile{ID: models.UserID(id), Name: "person " + id})
	if err != nil {
		r.t.Fatal(err)
	}
	f, err := r.Vault.Save(r.t.Context(), user.ID, storage.Upload{Source: models.FromUpload, Name: "of-" + id + ".csv"}, strings.NewReader("a,b\n1,2\n"))
	if err != nil {
		r.t.Fatal(err)
	}
	return user.ID, f
}

func TestABodyThatIsNoPlainJSONIsRefusedSEC16SEC26(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, _ := r.person("42")
	p := r.personal(ada)
	_, foreign := r.person("43")
	before := r.rows()
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("%q", models.NewFileID("42", time.Unix(int64(i), 0)))
	}
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"nothing":                  {"", 400, "invalid"},
		"no JSON":                  {"code=1", 400, "invalid"},
		"half":                     {`{"code":"1"`, 400, "invalid"},
		"two values":               {`{"code":"1"}{"code":"2"}`, 400, "invalid"},
		"a value and more":         {`{"code":"1"} x`, 400, "invalid"},
		"null":                     {"null", 400, "invalid"},
		"a list":                   {`[{"code":"1"}]`, 400, "invalid"},
		"a string":                 {`"code"`, 400, "invalid"},
		"a number":                 {"1e999", 400, "invalid"},
		"no code":                  {"{}", 400, "invalid"},
		"code null":                {`{"code":null}`, 400, "invalid"},
		"code empty":               {`{"code":""}`, 400, "invalid"},
		"code blank":               {`{"code":" \n\t"}`, 400, "invalid"},
		"code a number":            {`{"code":1}`, 400, "invalid"},
		"code a list":              {`{"code":["print(1)"]}`, 400, "invalid"},
		"code an object":           {`{"code":{"a":1}}`, 400, "invalid"},
		"NUL":                      {`{"code":"print(1)\u0000"}`, 400, "invalid"},
		"NUL in a key":             {`{"code":"1","a\u0000":1}`, 400, "invalid"},
		"a raw NUL":                {"{\"code\":\"1\x00\"}", 400, "invalid"},
		"invalid UTF-8":            {"{\"code\":\"\xff\xfe\"}", 400, "invalid"},
		"half a surrogate":         {`{"code":"\ud800"}`, 400, "invalid"},
		"a key twice":              {`{"code":"1","code":"2"}`, 400, "invalid"},
		"a key twice, escaped":     {`{"code":"1","c\u006fde":"2"}`, 400, "invalid"},
		"a key in another case":    {`{"code":"1","Code":"2"}`, 400, "invalid"},
		"an unknown key":           {`{"code":"1","language":"ruby"}`, 400, "invalid"},
		"a huge key":               {`{"code":"1","` + strings.Repeat("k", 1<<20) + `":1}`, 400, "invalid"},
		"deep":                     {`{"code":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, 400, "invalid"},
		"deep without end":         {strings.Repeat(`{"a":`, 100_000), 400, "invalid"},
		"too large":                {`{"code":"` + strings.Repeat("x", 2<<20) + `"}`, 413, "too_large"},
		"timeout a word":           {`{"code":"1","timeout":"60"}`, 400, "invalid"},
		"timeout zero":             {`{"code":"1","timeout":0}`, 400, "invalid"},
		"timeout negative":         {`{"code":"1","timeout":-1}`, 400, "invalid"},
		"timeout over the most":    {`{"code":"1","timeout":300.5}`, 400, "invalid"},
		"timeout out of range":     {`{"code":"1","timeout":1e999}`, 400, "invalid"},
		"files a word":             {`{"code":"1","user_files":"42_1_a"}`, 400, "invalid"},
		"files of numbers":         {`{"code":"1","user_files":[1]}`, 400, "invalid"},
		"files with null":          {`{"code":"1","user_files":[null]}`, 400, "invalid"},
		"too many files":           {`{"code":"1","user_files":[` + strings.Join(many, ",") + `]}`, 400, "invalid"},
		"a malformed file":         {`{"code":"1","user_files":["../../etc/passwd"]}`, 404, "not_found"},
		"a file that never was":    {`{"code":"1","user_files":[` + many[0] + `]}`, 404, "not_found"},
		"somebody else's file":     {`{"code":"1","user_files":["` + string(foreign.ID) + `"]}`, 404, "not_found"},
		"stdin a list":             {`{"code":"1","stdin":["a"]}`, 400, "invalid"},
		"include_data a word":      {`{"code":"1","include_data":"yes"}`, 400, "invalid"},
		"user_id somebody":         {`{"code":"1","user_id":"43"}`, 403, "forbidden"},
		"user_id empty":            {`{"code":"1","user_id":""}`, 400, "invalid"},
		"user_id zero":             {`{"code":"1","user_id":0}`, 400, "invalid"},
		"user_id negative":         {`{"code":"1","user_id":-42}`, 400, "invalid"},
		"user_id a fraction":       {`{"code":"1","user_id":42.5}`, 400, "invalid"},
		"user_id with a point":     {`{"code":"1","user_id":42.0}`, 400, "invalid"},
		"user_id with an exponent": {`{"code":"1","user_id":4.2e1}`, 400, "invalid"},
		"user_id of 21 digits":     {`{"code":"1","user_id":123456789012345678901}`, 400, "invalid"},
		"user_id a word":           {`{"code":"1","user_id":"ada"}`, 400, "invalid"},
		"user_id true":             {`{"code":"1","user_id":true}`, 400, "invalid"},
		"user_id a list":           {`{"code":"1","user_id":["42"]}`, 400, "invalid"},
	} {
		for _, path := range []string{"/execute", "/runs"} {
			a := p.post(path, c.body)
			a.refuses(c.status, c.code)
			if name == "too large" && !strings.Contains(a.body, "2097152 bytes") {
				t.Errorf("the bound is another: %s", a.body)
			}
			if name == "deep" && !strings.Contains(a.body, "nested too deep") {
				t.Errorf("it was looked at: %s", a.body)
			}
			if strings.Contains(a.body, "print(1)") || strings.Contains(a.body, "ruby") || strings.Contains(a.body, "passwd") || len(a.body) > 6000 {
				t.Errorf("%s: the answer repeats what was sent: %.300s", name, a.body)
			}
			for _, inside := range []string{"SQLSTATE", "goroutine", ".go:", "jsontext", "huma", "interface"} {
				if strings.Contains(a.body, inside) {
					t.Errorf("%s: the answer tells %q: %.300s", name, inside, a.body)
				}
			}
		}
	}
	if r.rows() != before {
		t.Error("a refused call wrote something")
	}
}

func TestABodyOfAnotherTypeIsRefusedSEC26(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, _ := r.person("42")
	p := r.personal(ada)
	before := r.rows()
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/json+x", "multipart/form-data; boundary=x", "\"", "application/jsonx", "text/json"} {
		req := p.request(http.MethodPost, "/runs", strings.NewReader(`{"code":"1"}`))
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		p.do(req).refuses(415, "unsupported_media_type")
	}
	for _, kind := range []string{"", "application/json", "multipart/form-data", "text/plain"} {
		req := p.request(http.MethodPost, "/files", strings.NewReader("x"))
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		p.do(req).refuses(415, "unsupported_media_type")
	}
	if r.rows() != before {
		t.Error("a refused call wrote something")
	}
	for _, kind := range []string{"application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""} {
		req := p.request(http.MethodPost, "/runs", strings.NewReader(`{"code":"1"}`))
		req.Header.Set("Content-Type", kind)
		p.do(req).want(202)
	}
}

// A body without a length, or one that breaks off, is no fault of ours.
func TestABodyThatIsTornIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, _ := r.person("42")
	p := r.personal(ada)
	before := r.rows()
	endless := io.MultiReader(strings.NewReader(`{"code":"`), io.LimitReader(repeated{}, 3<<20))
	req := p.request(http.MethodPost, "/runs", endless)
	req.Header.Set("Content-Type", "application/json")
	p.do(req).refuses(413, "too_large")
	for name, form := range map[string]string{
		"nothing":             "",
		"no file":             "--x--\r\n",
		"half a head":         "--x\r\nContent-Disposition: form-data; name=\"fi",
		"no end":              "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc",
		"another field":       "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--x--\r\n",
		"no name":             "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--x--\r\n",
		"a name of blanks":    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"  \"\r\n\r\nabc\r\n--x--\r\n",
		"two files":           "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\n1\r\n--x--\r\n",
		"user_id after":       "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n43\r\n--x--\r\n",
		"user_id twice":       "--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n42\r\n--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n42\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1\r\n--x--\r\n",
		"user_id twice after": "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1" + strings.Repeat("\r\n--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n42", 2) + "\r\n--x--\r\n",
		"a wrong user_id":     "--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n0\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1\r\n--x--\r\n",
		"a huge user_id":      "--x\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n" + strings.Repeat("9", 5000) + "\r\n--x--\r\n",
	} {
		req := p.request(http.MethodPost, "/files", strings.NewReader(form))
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if a := p.do(req); a.StatusCode != 400 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		} else {
			a.refuses(400, "invalid")
		}
	}
	if r.rows() != before {
		t.Error("a refused call wrote something")
	}
}

type repeated struct{}

func (repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestQueriesAndIdsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, mine := r.person("42")
	_, foreign := r.person("43")
	p := r.personal(ada, "run", "files:read", "files:write", "admin")
	run, err := r.Store.QueueRun(t.Context(), ada, models.NewRun{Code: "1", Source: models.FromAPI})
	if err != nil {
		t.Fatal(err)
	}
	before := r.rows()
	for _, query := range []string{
		"limit=0", "limit=-1", "limit=201", "limit=x", "limit=1e2", "limit=99999999999999999999", "cursor=x", "cursor=" + strings.Repeat("A", 300),
		"cursor=MTIz", "type=word", "source=mars", "page=2", "user_id=x", "user_id=0", "user_id=042", "user_id=123456789012345678901", "name=" + strings.Repeat("n", 256), "token=x", "name=", "user_id=", "user_id=42&user_id=42",
	} {
		p.get("/files?"+query).refuses(400, "invalid")
	}
	p.get("/files?user_id=43").refuses(403, "forbidden")
	p.get("/files?name=%00").want(200)
	p.get("/files?name=%FF").want(200)
	p.get("/files?name=mf_report.csv").want(200) // begins as a token does, and is none
	p.get("/files?name=mf_mf_"+strings.Repeat("a", 40)).refuses(400, "invalid")
	for _, id := range []string{"x", "%00", "%FF%FE", "..%2F..%2Fetc%2Fpasswd", "'%20OR%201=1--", strings.Repeat("a", 26), strings.Repeat("9", 5000), string(foreign.ID), string(mine.ID) + "%00", "%E2%80%AE"} {
		for _, c := range [][2]string{
			{"GET", "/files/" + id}, {"GET", "/files/" + id + "/content"}, {"DELETE", "/files/" + id}, {"POST", "/files/" + id + "/extend"},
			{"GET", "/runs/" + id}, {"GET", "/runs/" + id + "/events"}, {"POST", "/runs/" + id + "/interrupt"},
		} {
			p.do(p.request(c[0], c[1], nil)).refuses(404, "not_found")
		}
	}
	for _, path := range []string{"/files/" + string(mine.ID) + "/content?x=1", "/runs/" + string(run.ID) + "/events?user_id=42&user_id=42", "/runs/" + string(run.ID) + "?include_data=maybe", "/status?x=1", "/files/" + string(mine.ID) + "?%zz=1"} {
		p.get(path).refuses(400, "invalid")
	}
	for _, key := range []string{"a b", "ä", strings.Repeat("k", 256)} {
		p.post("/runs", `{"code":"1"}`, "Idempotency-Key", key).refuses(400, "invalid")
		p.upload("/files", "a.txt", "x", "Idempotency-Key", key).refuses(400, "invalid")
	}
	if r.rows() != before {
		t.Error("a refused call wrote something")
	}
}

func TestALimitOfRunsAndFilesIsSaidSo(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *setup) {
		s.node.Limits = models.DefaultLimits()
		s.node.Limits.UserQueue, s.node.Limits.UserFiles, s.node.FileMax = 1, 1, 1000
	})
	ada, _ := r.person("42")
	p := r.personal(ada)
	p.post("/runs", `{"code":"1"}`).want(202)
	if a := p.post("/runs", `{"code":"1"}`).refuses(429, "over_limit"); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if a := p.upload("/files", "b.txt", "x").refuses(413, "over_limit"); a.Header.Get("Retry-After") != "" {
		t.Error("waiting does not help, and the answer says to")
	}
	r.exec("UPDATE files SET state = 'dead'")
	p.upload("/files", "b.txt", strings.Repeat("x", 1001)).refuses(413, "over_limit")
	p.upload("/files", "b.txt", strings.Repeat("x", 1000)).want(201)
}
