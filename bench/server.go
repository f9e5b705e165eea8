package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// server is the program itself, as a user's browser meets it. Every program has
// a person of its own, so that the limit on runs a minute is not raised.
type server struct {
	process *exec.Cmd
	data    string
	url     string
	people  map[string]*http.Client // by program
}

func startServer(ctx context.Context, path, runtime string, more ...string) (s *server, err error) {
	s = &server{people: map[string]*http.Client{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.data, err = folder(); err != nil {
		return s, err
	}
	app, content, err := freePorts()
	if err != nil {
		return s, err
	}
	s.url = "http://localhost:" + app
	serve := exec.CommandContext(ctx, path, "serve")
	serve.Cancel = func() error { return serve.Process.Signal(syscall.SIGTERM) }
	serve.Env = []string{
		"PATH=" + os.Getenv("PATH"), "MAYFLY_DATA=" + s.data, "MAYFLY_RUNTIME=" + runtime,
		"MAYFLY_LISTEN=127.0.0.1:" + app, "MAYFLY_URL=" + s.url,
		"MAYFLY_CONTENT_LISTEN=127.0.0.1:" + content, "MAYFLY_CONTENT_URL=http://127.0.0.1:" + content,
	}
	serve.Env = append(serve.Env, more...)
	return s, s.await(serve)
}

// await starts the program and waits until it says that it is ready.
func (s *server) await(serve *exec.Cmd) error {
	out, err := serve.StdoutPipe()
	if err != nil {
		return err
	}
	if err := serve.Start(); err != nil {
		return fmt.Errorf("%w: run make build first", err)
	}
	s.process = serve
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "ready ") {
			return nil
		}
	}
	return errors.New("the server never became ready: its log says why")
}

// freePorts asks for two that nobody uses at the moment.
func freePorts() (first, second string, err error) {
	var ports [2]string
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer l.Close()
		_, ports[i], _ = net.SplitHostPort(l.Addr().String())
	}
	return ports[0], ports[1], nil
}

func (s *server) close() error {
	if s.process != nil {
		_ = s.process.Process.Signal(syscall.SIGTERM)
		_ = s.process.Wait() // how it ended is in its log
	}
	return os.RemoveAll(s.data)
}

// do posts the program and reads its event stream to the end.
func (s *server) do(ctx context.Context, p program, _ int) (func() error, error) {
	who, err := s.person(ctx, p.name)
	if err != nil {
		return nil, err
	}
	answer, err := s.send(ctx, who, http.MethodPost, "/runs", url.Values{"code": {p.code}})
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	place := answer.Header.Get("Location")
	if answer.StatusCode != http.StatusSeeOther || place == "" {
		return nil, fmt.Errorf("POST /runs: %s", answer.Status)
	}
	events, err := s.send(ctx, who, http.MethodGet, strings.TrimPrefix(place, s.url)+"/events", nil)
	if err != nil {
		return nil, err
	}
	defer events.Body.Close()
	return nil, awaitDone(events)
}

// awaitDone reads messages until the one that says how the run ended.
func awaitDone(stream *http.Response) error {
	lines := bufio.NewScanner(stream.Body)
	lines.Buffer(nil, 1<<20)
	for done := false; lines.Scan(); {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case lines.Text() == "event: done":
			done = true
		case done && isData && data == "ok":
			return nil
		case done && isData:
			return fmt.Errorf("it ended %s", data)
		}
	}
	return fmt.Errorf("the events ended (%s) before the run did: %w", stream.Status, lines.Err())
}

// person signs somebody in for each program.
func (s *server) person(ctx context.Context, program string) (*http.Client, error) {
	if who := s.people[program]; who != nil {
		return who, nil
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	who := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	id := fmt.Sprint(len(s.people) + 1)
	answer, err := s.send(ctx, who, http.MethodPost, "/login/local", url.Values{"discord_id": {id}, "name": {"bench"}})
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return nil, fmt.Errorf("sign in: %s", answer.Status)
	}
	s.people[program] = who
	return who, nil
}

func (s *server) send(ctx context.Context, who *http.Client, method, path string, form url.Values) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Origin", s.url)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return who.Do(request)
}
