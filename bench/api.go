package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// crowd is how many callers ask the API at once; listed how many files the list
// that they ask for has.
const (
	apiCrowd = 32
	listed   = 50
)

// raised are the limits of the server that is measured: far beyond what callers
// of the bench do, as docs/operations.md says of MAYFLY_RATES.
const raised = "runs:1000000,files:1000000,tokens:100000000"

// apiBench measures the API alone: calls of 32 programs at once, and runs one
// after the other beside the bare interpreter.
type apiBench struct {
	server *server
	client *http.Client
	token  string
}

func benchAPI(ctx context.Context, s settings) (err error) {
	above, err := startServer(ctx, s.server, s.runtime, "MAYFLY_RATES="+raised)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, above.close()) }()
	b := &apiBench{server: above, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: apiCrowd}}}
	if b.token, err = above.command(ctx, s.server, "token", "create", "--name", "bench", "--user", "1"); err != nil {
		return err
	}
	file, err := b.fill()
	if err != nil {
		return err
	}
	printMachine(os.Stdout)
	fmt.Printf("limits raised to %s\n", raised)
	time.Sleep(10 * breath) // until the pool is full: making it counts for no call
	if err := b.calls(s.load, file); err != nil {
		return err
	}
	return contest(ctx, s, []contender{{"bin/python, no walls, nothing kept", bare(s.runtime)}, {"POST /execute, with the files' bytes", b.execute}})
}

// fill keeps the files that are asked for, and returns one of them.
func (b *apiBench) fill() (file string, err error) {
	for i := range listed {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", fmt.Sprintf("f%d.csv", i))
		if err != nil {
			return "", err
		}
		if _, err := io.WriteString(part, "a,b\n1,2\n"); err != nil {
			return "", err
		}
		if err := form.Close(); err != nil {
			return "", err
		}
		answer, err := b.ask(context.Background(), http.MethodPost, "/files", b.token, form.FormDataContentType(), &body, http.StatusCreated)
		if err != nil {
			return "", err
		}
		var kept struct {
			ID string `json:"file_id"`
		}
		if err := json.Unmarshal(answer, &kept); err != nil {
			return "", err
		}
		file = kept.ID
	}
	return file, nil
}

// ask calls once and returns the answer, which must have the status.
func (b *apiBench) ask(ctx context.Context, method, path, token, kind string, body io.Reader, status int) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.server.url+"/api/v1"+path, body)
	if err != nil {
		return nil, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != status {
		err = fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, answer)
	}
	return answer, err
}

// calls keeps each call up for a time and prints how many were answered, and what
// processor time one takes of the server and its database together: that figure
// does not depend on what else the machine does.
func (b *apiBench) calls(load time.Duration, file string) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%d callers at once\t/s\tp50 ms\tp99 ms\tcpu ms\t\n", apiCrowd)
	unknown := "mf_" + strings.Repeat("a", 40)
	for _, c := range []struct {
		name, path, token string
		status            int
	}{
		{"list of 50 files", "/files", b.token, 200},
		{"one file's facts", "/files/" + file, b.token, 200},
		{"status", "/status", b.token, 200},
		{"denied: no token", "/files", "", 401},
		{"denied: a token that is none", "/files", unknown, 401},
		{"denied: somebody else's file", "/files/2_" + file[2:], b.token, 404},
		{"denied: for somebody else", "/files?user_id=2", b.token, 403},
	} {
		before := processorTimeOf(b.server.process.Process.Pid)
		took, asked, err := crowdOf(load, func() error {
			_, err := b.ask(context.Background(), http.MethodGet, c.path, c.token, "", nil, c.status)
			return err
		})
		if err != nil {
			return err
		}
		cpu := processorTimeOf(b.server.process.Process.Pid) - before
		fmt.Fprintf(table, "%s\t%.0f\t%.1f\t%.1f\t%.2f\t\n", c.name, float64(len(took))/load.Seconds(), ms(share(took, 0.5)), ms(share(took, 0.99)), ms(cpu)/float64(asked))
	}
	return table.Flush()
}

// crowdOf has all callers ask again and again, after a second that does not count,
// and says how often they asked in all.
func crowdOf(load time.Duration, ask func() error) (took []time.Duration, all int, err error) {
	var callers sync.WaitGroup
	var mu sync.Mutex
	begin := time.Now().Add(time.Second)
	for range apiCrowd {
		callers.Go(func() {
			var mine []time.Duration
			times := 0
			for time.Since(begin) < load {
				asked := time.Now()
				if fault := ask(); fault != nil {
					mu.Lock()
					err = errors.Join(err, fault)
					mu.Unlock()
					return
				}
				times++
				if asked.After(begin) {
					mine = append(mine, time.Since(asked))
				}
			}
			mu.Lock()
			took, all = append(took, mine...), all+times
			mu.Unlock()
		})
	}
	callers.Wait()
	if err == nil && len(took) == 0 {
		err = errors.New("nothing was answered in time")
	}
	return took, all, err
}

// execute runs a program and has its files' bytes sent along.
func (b *apiBench) execute(ctx context.Context, p program, _ int) (func() error, error) {
	body, err := json.Marshal(map[string]any{"code": p.code, "include_data": true})
	if err != nil {
		return nil, err
	}
	answer, err := b.ask(ctx, http.MethodPost, "/execute", b.token, "application/json", bytes.NewReader(body), http.StatusOK)
	if err != nil {
		return nil, err
	}
	var result struct {
		Output string
		Files  []struct{ Data *string } `json:"generated_files"`
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		return nil, err
	}
	if result.Output != p.says || len(result.Files) != len(p.files) {
		return nil, fmt.Errorf("it answered %.300s", answer)
	}
	return nil, nil
}

// command runs a command beside the server and returns what it prints.
func (s *server) command(ctx context.Context, path string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = s.process.Env
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
