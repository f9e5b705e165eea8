package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/pgserver"
)

// How many people the notebook's bench has, how many streams each of them keeps
// open in how many sessions, and how many cells a notebook has.
const (
	readers    = 200
	logins     = 2
	tabsEach   = 5 // of one session
	cellsEach  = 30
	fanOuts    = 200
	streamWait = 20 * time.Second
)

// reader is somebody with a notebook, signed in several times.
type reader struct {
	sessions []*http.Client
	notebook string // its path
	cell     string
	seen     string
	version  int
}

// notebookBench measures pages and streams of notebooks, of many people at once.
type notebookBench struct {
	server *server
	people []*reader
}

func benchNotebook(ctx context.Context, s settings) (err error) {
	above, err := startServer(ctx, s.server, s.runtime, "MAYFLY_RATES="+raised+",login:100000")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, above.close()) }()
	b := &notebookBench{server: above}
	for i := range readers {
		who, err := b.newReader(ctx, i)
		if err != nil {
			return err
		}
		b.people = append(b.people, who)
	}
	if err := analyze(ctx, above.data); err != nil {
		return err
	}
	printMachine(os.Stdout)
	fmt.Printf("load before: %s\n", strings.TrimSpace(text("/proc/loadavg")))
	if err := b.pages(s.load); err != nil {
		return err
	}
	return b.streams(ctx)
}

// newReader makes a notebook whose runs wait in the queue: so its page is live, and
// no kernel is needed for it.
func (b *notebookBench) newReader(ctx context.Context, n int) (*reader, error) {
	who := &reader{version: 1}
	for range logins {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		session := &http.Client{Jar: jar, Transport: from(n), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		if _, err := b.post(ctx, session, "/login/local", url.Values{"discord_id": {strconv.Itoa(1000 + n)}, "name": {"bench"}}, http.StatusSeeOther); err != nil {
			return nil, err
		}
		who.sessions = append(who.sessions, session)
	}
	made, err := b.post(ctx, who.sessions[0], "/notebooks", url.Values{}, http.StatusSeeOther)
	if err != nil {
		return nil, err
	}
	who.notebook = strings.TrimPrefix(made.Header.Get("Location"), b.server.url)
	for i := range cellsEach - 1 {
		form := url.Values{"text": {fmt.Sprintf("import time\nprint(%d)\ntime.sleep(60)", i)}, "place": {"1"}}
		if _, err := b.post(ctx, who.sessions[0], who.notebook+"/cells", form, http.StatusSeeOther); err != nil {
			return nil, err
		}
	}
	if _, err := b.post(ctx, who.sessions[0], who.notebook+"/run", url.Values{"span": {"all"}}, http.StatusSeeOther); err != nil {
		return nil, err
	}
	return who, b.look(who)
}

// analyze has the database count what it holds, as it does by itself within a
// minute; until then it plans for empty tables.
func analyze(ctx context.Context, data string) error {
	conn, err := pgx.Connect(ctx, pgserver.Config{Data: data}.AdminURL(pgserver.Database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ANALYZE")
	return errors.Join(err, conn.Close(ctx))
}

// from dials from a loopback address of its own: one address may have so many
// connections, and nobody shall use up another's.
func from(n int) *http.Transport {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n+1))}}
	return &http.Transport{MaxIdleConnsPerHost: tabsEach + 2, DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp4", address)
	}}
}

var (
	cursorOf = regexp.MustCompile(`data-cursor="([^"]+)"`)
	cellOf   = regexp.MustCompile(`data-cell="([^"]+)"`)
)

// look reads the page, and what it says that it shows.
func (b *notebookBench) look(who *reader) error {
	page, err := b.page(who)
	if err != nil {
		return err
	}
	cursor, cell := cursorOf.FindStringSubmatch(page), cellOf.FindStringSubmatch(page)
	if cursor == nil || cell == nil {
		return fmt.Errorf("the page says nothing: %.300s", page)
	}
	who.seen, who.cell = cursor[1], cell[1]
	return nil
}

func (b *notebookBench) page(who *reader) (string, error) {
	answer, err := who.sessions[0].Get(b.server.url + who.notebook)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", who.notebook, answer.Status)
	}
	return string(page), err
}

func (b *notebookBench) post(ctx context.Context, session *http.Client, path string, form url.Values, status int) (*http.Response, error) {
	answer, err := b.server.send(ctx, session, http.MethodPost, path, form)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != status {
		return nil, fmt.Errorf("POST %s: %s", path, answer.Status)
	}
	return answer, nil
}

// pages asks for whole pages, each time as somebody else.
func (b *notebookBench) pages(load time.Duration) error {
	pid := b.server.process.Process.Pid
	var turn atomic.Int64
	before, database := processorTimeOf(pid), databaseTimeOf(pid)
	took, asked, err := crowdOf(load, func() error {
		_, err := b.page(b.people[int(turn.Add(1))%readers])
		return err
	})
	if err != nil {
		return err
	}
	each := func(d time.Duration) float64 { return ms(d) / float64(asked) }
	fmt.Printf("page of %d cells, %d people, %d at once: %.0f/s, p50 %.1f ms, p99 %.1f ms, %.2f ms of processor each, of it database %.2f\n", cellsEach, readers, apiCrowd,
		float64(len(took))/load.Seconds(), ms(share(took, 0.5)), ms(share(took, 0.99)), each(processorTimeOf(pid)-before), each(databaseTimeOf(pid)-database))
	return nil
}

// streams opens all streams, and measures how long an edit takes to reach the last
// of the ten that show it.
func (b *notebookBench) streams(ctx context.Context) error {
	pid := b.server.process.Process.Pid
	empty := resident(pid)
	news := make([]chan string, readers)
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	for i, who := range b.people {
		news[i] = make(chan string, logins*tabsEach*4)
		for n := range logins * tabsEach {
			if err := b.open(ctx, who, who.sessions[n%logins], news[i]); err != nil {
				return fmt.Errorf("stream %d of reader %d: %w", n, i, err)
			}
		}
	}
	open := resident(pid)
	var took []time.Duration
	for n := range fanOuts {
		who := b.people[n%readers]
		d, err := b.fanOut(ctx, who, n, news[n%readers])
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	fmt.Printf("%d streams of %d people: %+d MB of memory (%d to %d), an edit reaches the last of %d: p50 %.1f ms, p99 %.1f ms\n", readers*logins*tabsEach, readers,
		(open-empty)>>20, empty>>20, open>>20, logins*tabsEach, ms(share(took, 0.5)), ms(share(took, 0.99)))
	return nil
}

// open follows a notebook; every mark that an edit left in a message is told.
func (b *notebookBench) open(ctx context.Context, who *reader, session *http.Client, news chan<- string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.server.url+who.notebook+"/events", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Last-Event-ID", who.seen)
	answer, err := session.Do(request)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return errors.Join(errors.New(answer.Status), answer.Body.Close())
	}
	mark := regexp.MustCompile(`mark-\d+-`)
	go func() { // ends with ctx, which ends the body
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			if found := mark.FindString(lines.Text()); found != "" {
				news <- found
			}
		}
	}()
	return nil
}

// fanOut edits a cell and waits until all streams of its notebook have told of it.
func (b *notebookBench) fanOut(ctx context.Context, who *reader, n int, news <-chan string) (time.Duration, error) {
	mark := fmt.Sprintf("mark-%d-", n)
	form := url.Values{"version": {strconv.Itoa(who.version)}, "text": {"print('" + mark + "')"}}
	began := time.Now()
	if _, err := b.post(ctx, who.sessions[0], "/cells/"+who.cell+"/text", form, http.StatusSeeOther); err != nil {
		return 0, err
	}
	who.version++
	late := time.After(streamWait)
	for heard := 0; heard < logins*tabsEach; {
		select {
		case told := <-news:
			if told == mark {
				heard++
			}
		case <-late:
			return 0, fmt.Errorf("an edit reached %d of %d streams", heard, logins*tabsEach)
		}
	}
	return time.Since(began), nil
}

// resident is the memory of a process and of all that come from it but the
// database, in bytes.
func resident(root int) int64 {
	parents, _ := processes()
	var sum int64
	for pid := range parents {
		switch name := strings.TrimSpace(text(fmt.Sprintf("/proc/%d/comm", pid))); {
		case !descends(parents, pid, root), strings.HasPrefix(name, "postgres"), strings.HasPrefix(name, "python"), name == "bwrap":
			continue
		}
		for line := range strings.Lines(text(fmt.Sprintf("/proc/%d/status", pid))) {
			if value, found := strings.CutPrefix(line, "VmRSS:"); found {
				kb, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
				sum += kb << 10
			}
		}
	}
	return sum
}
