package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const apiGuide = "docs/api.md"

// example is a block of shell in the guide, and the JSON that stands under it.
type example struct{ shell, answer string }

// TestTheExamplesOfTheAPIGuideRun runs them in one shell, as a reader would, and
// compares each answer with the one in the guide.
func TestTheExamplesOfTheAPIGuideRun(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	const parted = "\x1epart\x1e"
	script := "set -euo pipefail\n"
	examples := examplesOf(read(t, apiGuide))
	for _, e := range examples {
		script += e.shell + "printf '" + parted + "'\n"
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
	cmd.Dir = t.TempDir()
	cmd.Env = append(cmd.Environ(), "MAYFLY_API_URL="+s.url, "MAYFLY_API_TOKEN="+appToken(t, s, "run,files:read,files:write"))
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, &faults)
	}
	said := strings.Split(string(out), parted)
	for i, e := range examples {
		t.Logf("$ %s%s", e.shell, said[i])
		if e.answer == "" {
			continue
		}
		var real, promised any
		if err := json.Unmarshal([]byte(said[i]), &real); err != nil {
			t.Errorf("example %d: %v: %s", i+1, err, said[i])
		} else if err := json.Unmarshal([]byte(e.answer), &promised); err != nil {
			t.Errorf("the guide's answer %d: %v", i+1, err)
		} else if differ := unlike(promised, real, "answer"); differ != "" {
			t.Errorf("example %d: %s\nreal: %s", i+1, differ, said[i])
		}
	}
	for i, want := range map[int]string{2: "6\n\n", 3: "x,y204\n"} {
		if said[i] != want {
			t.Errorf("example %d says %q, want %q", i+1, said[i], want)
		}
	}
	if events := regexp.MustCompile(`(?m)^event: (\w+)$`).FindAllString(said[4], -1); !slices.Contains(events, "event: done") {
		t.Errorf("the stream ended without done: %q", said[4])
	}
}

func examplesOf(guide string) (all []example) {
	blocks := regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(guide, -1)
	for _, b := range blocks {
		switch {
		case b[1] == "sh":
			all = append(all, example{shell: b[2]})
		case b[1] == "json" && len(all) > 0:
			all[len(all)-1].answer = b[2]
		}
	}
	return all
}

// unlike says in what a real answer is of another form than the guide's: a key
// that one of them lacks, or another type. The result inside a run is shortened.
func unlike(promised, real any, at string) string {
	switch p := promised.(type) {
	case map[string]any:
		r, ok := real.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %T", at, real)
		}
		for key := range r {
			if _, said := p[key]; !said && at != "answer.result" {
				return at + "." + key + " is not in the guide"
			}
		}
		for key, value := range p {
			if _, there := r[key]; !there {
				return at + "." + key + " is not in the answer"
			}
			if differ := unlike(value, r[key], at+"."+key); differ != "" {
				return differ
			}
		}
	case []any:
		r, ok := real.([]any)
		if !ok || len(r) != len(p) {
			return fmt.Sprintf("%s has not %d items", at, len(p))
		}
		for i := range p {
			if differ := unlike(p[i], r[i], fmt.Sprintf("%s[%d]", at, i)); differ != "" {
				return differ
			}
		}
	default:
		if fmt.Sprintf("%T", promised) != fmt.Sprintf("%T", real) && at != "answer.next_cursor" {
			return fmt.Sprintf("%s is %T, the guide says %T", at, real, promised)
		}
	}
	return ""
}

// The guide's table has every call of the description, with its scope, and no
// other.
func TestTheAPIGuideListsEveryCall(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	answer, err := http.Get(s.url + "/api/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var spec struct {
		Paths map[string]map[string]struct{ Description string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&spec); err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z]+ /[^`]*)` \\| (?:`([a-z:]+)`|any) \\|").FindAllStringSubmatch(read(t, apiGuide), -1) {
		rows[row[1]] = row[2]
	}
	for path, methods := range spec.Paths {
		for method, operation := range methods {
			name := strings.ToUpper(method) + " " + path
			scope, listed := rows[name]
			found := regexp.MustCompile(`Scope: ([a-z:]+)\.`).FindStringSubmatch(operation.Description)
			if !listed || len(found) == 2 && found[1] != scope || len(found) == 0 && scope != "" {
				t.Errorf("%s: %s has scope %q in the guide, the description says %q", apiGuide, name, scope, operation.Description)
			}
			delete(rows, name)
		}
	}
	for name := range rows {
		t.Errorf("%s lists %s, which is no call", apiGuide, name)
	}
}

// The guide explains every code that a failure can have.
func TestTheAPIGuideExplainsEveryCode(t *testing.T) {
	t.Parallel()
	guide := read(t, apiGuide)
	for _, found := range regexp.MustCompile(`Code\s+= "([a-z_]+)"`).FindAllStringSubmatch(read(t, "models/errors.go"), -1) {
		if !strings.Contains(guide, "`"+found[1]+"`") {
			t.Errorf("%s does not explain %s", apiGuide, found[1])
		}
	}
}
