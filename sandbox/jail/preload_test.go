package jail

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

var writeTable = flag.Bool("write-preloaded", false, "writes docs/preloaded.md anew")

const preloadedPage = "../../docs/preloaded.md"

// TestZygoteThreadsAndWhatItLoads: the warm parent has one thread, and polars'
// one that waits; all else would leave its locks held in every fork. The page
// says what it has loaded, and what not and why.
func TestZygoteThreadsAndWhatItLoads(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	k := openOf(t, j, sandbox.Spec{})
	if names := threadsOf(t, parentOf(t, k.pid)); !slices.Equal(names, []string{"polars-ooc-clea", "python"}) {
		t.Errorf("the zygote's threads are %v", names)
	}
	checkFonts(t, parentOf(t, k.pid))
	_, told := said(t, k, `import importlib, json, sys, time
from mayfly import warmup
rows = []
for name in warmup.STACK:
    rows.append([name, name in sys.modules, 0, ""])
for name, why in warmup.LATE.items():
    before, began = name in sys.modules, time.process_time()
    importlib.import_module(name)
    rows.append([name, before, round(1000 * (time.process_time() - began)), why])
print(json.dumps(rows))`)
	var rows [][4]any
	if err := json.Unmarshal([]byte(told), &rows); err != nil {
		t.Fatalf("%v: %s", err, told)
	}
	var early []string
	late, times := "", ""
	for _, row := range rows {
		name, loaded, why := row[0].(string), row[1].(bool), row[3].(string)
		switch {
		case loaded != (why == ""):
			t.Errorf("%s: loaded %v, reason to be late %q", name, loaded, why)
		case loaded:
			early = append(early, "`"+name+"`")
		default:
			late += fmt.Sprintf("| `%s` | %s |", name, why)
			times += fmt.Sprintf("| `%s` | %s | %v |\n", name, why, row[2])
		}
	}
	checkPage(t, strings.Join(early, " "), late, times)
}

// checkFonts: the list of fonts was made with the runtime, and not again.
func checkFonts(t *testing.T, zygote string) {
	t.Helper()
	of := func(folder string) time.Time {
		lists, err := filepath.Glob(folder + "/fontlist-*.json")
		if err != nil || len(lists) != 1 {
			t.Fatalf("lists of fonts in %s: %q, %v", folder, lists, err)
		}
		info, err := os.Stat(lists[0])
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	made, used := of(testRuntime()+"/matplotlib"), of(fmt.Sprintf("/proc/%s/root/tmp/.matplotlib", zygote))
	if made.Truncate(time.Millisecond) != used.Truncate(time.Millisecond) {
		t.Errorf("the list of fonts is of %s, the runtime's of %s", used, made)
	}
}

// checkPage compares all but the times, which no two machines share.
func checkPage(t *testing.T, early, late, times string) {
	t.Helper()
	const head = `# What every kernel finds loaded

Written by ` + "`go test ./sandbox/jail -run TestZygoteThreads -write-preloaded`" + `. Importing these costs a run nothing, and neither do the modules that they
load themselves:

%s

These are imported when code asks for them, in milliseconds of processor time for that run:

| Module | Why it is not loaded before | ms |
|---|---|---|
%s`
	page := fmt.Sprintf(head, early, times)
	if *writeTable {
		if err := os.WriteFile(preloadedPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(preloadedPage)
	if err != nil {
		t.Fatal(err)
	}
	reasons := ""
	for line := range strings.Lines(string(held)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.HasPrefix(cells[1], " `") {
			reasons += strings.Join(cells[:3], "|") + "|"
		}
	}
	if !strings.Contains(string(held), "\n"+early+"\n") || reasons != late {
		t.Errorf("%s is stale: write it anew with -write-preloaded", preloadedPage)
	}
}

func parentOf(t *testing.T, pid int) string {
	t.Helper()
	_, rest, _ := strings.Cut(readText(fmt.Sprintf("/proc/%d/stat", pid)), ") ")
	return strings.Fields(rest)[1]
}

func threadsOf(t *testing.T, pid string) (names []string) {
	t.Helper()
	tasks, err := os.ReadDir("/proc/" + pid + "/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		names = append(names, readText("/proc/"+pid+"/task/"+task.Name()+"/comm"))
	}
	slices.Sort(names)
	return names
}
