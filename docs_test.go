package main

import (
	"cmp"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mayfly/config"
	"mayfly/handlers"
)

// These tests keep the documents true: what they name exists, and what exists
// is named.

const operations = "docs/operations.md"

func TestEverySettingStandsInTheOperationsGuide(t *testing.T) {
	t.Parallel()
	rows := settingRows(t)
	wired, scripts := readAll(t, "*.go"), readAll(t, "scripts/*")
	for field := range reflect.TypeFor[config.Config]().Fields() {
		name := "MAYFLY_" + field.Tag.Get("env")
		row, ok := rows[name]
		if !ok {
			t.Errorf("%s has no row for %s", operations, name)
			continue
		}
		if value := field.Tag.Get("envDefault"); value != "" && row[0] != "`"+value+"`" {
			t.Errorf("%s: the default of %s is %q, the guide says %s", operations, name, value, row[0])
		}
		used := regexp.MustCompile(`\bcfg\.(?:`+cmp.Or(usedThrough[field.Name], field.Name)+`)\b`).MatchString(wired) ||
			regexp.MustCompile(`\b`+name+`\b`).MatchString(scripts)
		if said := !strings.Contains(row[1], "Not used yet"); said != used {
			t.Errorf("%s: %s is used: %v, the guide says: %v", operations, name, used, said)
		}
		delete(rows, name)
	}
	for _, name := range []string{"MAYFLY_TOOLS", "MAYFLY_API_URL", "MAYFLY_API_TOKEN"} { // the set-up's own, and the client's
		delete(rows, name)
	}
	for name := range rows {
		t.Errorf("%s has a row for %s, which config does not know", operations, name)
	}
}

// usedThrough names the methods of Config by which main reaches a setting.
var usedThrough = map[string]string{"Roles": "HasRole"}

func TestNoDocumentNamesASettingThatIsNone(t *testing.T) {
	t.Parallel()
	rows := settingRows(t)
	for path, text := range documents(t) {
		for _, name := range regexp.MustCompile(`MAYFLY_[A-Z_]*[A-Z]`).FindAllString(text, -1) {
			if _, ok := rows[strings.TrimSuffix(name, "_FILE")]; !ok {
				t.Errorf("%s names %s, which is no setting", path, name)
			}
		}
	}
}

// settingRows maps each setting to the default and the meaning in its row.
func settingRows(t *testing.T) map[string][2]string {
	t.Helper()
	rows := map[string][2]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(MAYFLY_[A-Z_]+)` \\| (.*?) \\| (.*) \\|$").FindAllStringSubmatch(read(t, operations), -1) {
		if _, twice := rows[row[1]]; twice {
			t.Errorf("%s has two rows for %s", operations, row[1])
		}
		rows[row[1]] = [2]string{row[2], row[3]}
	}
	return rows
}

func TestEveryCommandAndFlagStandsInTheOperationsGuide(t *testing.T) {
	t.Parallel()
	guide := read(t, operations)
	known := map[string]bool{}
	for _, c := range commands().Commands {
		known[c.Name] = true
		if !strings.Contains(guide, "`mayfly "+c.Name) {
			t.Errorf("%s does not name mayfly %s", operations, c.Name)
		}
		for _, f := range c.Flags {
			if name := f.Names()[0]; !strings.Contains(guide, "--"+name) {
				t.Errorf("%s does not name mayfly %s --%s", operations, c.Name, name)
			}
		}
	}
	for path, text := range documents(t) {
		for _, found := range regexp.MustCompile("`(?:bin/)?mayfly ([a-z]+)").FindAllStringSubmatch(text, -1) {
			if !known[found[1]] {
				t.Errorf("%s names mayfly %s, which is no command", path, found[1])
			}
		}
	}
}

func TestEveryRouteStandsInTheRoutesTable(t *testing.T) {
	t.Parallel()
	const table = "docs/routes.md"
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z]+ /[^`]*)` \\| (\\w+) \\|").FindAllStringSubmatch(read(t, table), -1) {
		rows[row[1]] = row[2]
	}
	delete(rows, "GET /f/{id}") // the content origin's only one
	for _, route := range handlers.Routes(&handlers.App{Development: true}) {
		name := route.Method + " " + strings.TrimSuffix(route.Pattern, "{$}")
		if rows[name] != route.Audience.String() {
			t.Errorf("%s: %s is for %s, the table says %q", table, name, route.Audience, rows[name])
		}
		delete(rows, name)
	}
	for name := range rows {
		t.Errorf("%s has a row for %s, which is no route", table, name)
	}
}

func TestDocumentsNameOnlyMakeTargetsThatExist(t *testing.T) {
	t.Parallel()
	targets := map[string]bool{}
	for _, target := range regexp.MustCompile(`(?m)^([a-z/-]+):`).FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[target[1]] = true
	}
	for path, text := range documents(t) {
		for _, found := range regexp.MustCompile("(?m)(?:^|`)make ([a-z/-]+)").FindAllStringSubmatch(text, -1) {
			if !targets[found[1]] {
				t.Errorf("%s names make %s, which is no target", path, found[1])
			}
		}
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	texts := documents(t)
	for path, text := range texts {
		for _, found := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(text, -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			file, heading, _ := strings.Cut(found[1], "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", path, found[1])
			} else if heading != "" && !slices.Contains(anchors(texts[target]), heading) {
				t.Errorf("%s links to %s, which has no such heading", path, found[1])
			}
		}
	}
}

func TestEveryFileThatIsNamedIsThere(t *testing.T) {
	t.Parallel()
	for path, text := range documents(t) {
		for _, found := range regexp.MustCompile("`((?:[a-z]+/)+[\\w.*-]+\\.[a-z]+)`").FindAllStringSubmatch(text, -1) {
			if there, err := filepath.Glob(found[1]); err != nil || len(there) == 0 {
				t.Errorf("%s names %s, which is not there", path, found[1])
			}
		}
	}
}

// anchors are the names that GitHub gives to a document's headings.
func anchors(text string) (names []string) {
	for _, h := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(text, -1) {
		kept := regexp.MustCompile(`[^\p{L}\p{N}\- ]`).ReplaceAllString(strings.ToLower(h[1]), "")
		names = append(names, strings.ReplaceAll(kept, " ", "-"))
	}
	return names
}

func TestEachDecisionHasItsNumberAlone(t *testing.T) {
	t.Parallel()
	index, byNumber := read(t, "docs/adr/README.md"), map[string]string{}
	for path, text := range documents(t) {
		name := filepath.Base(path)
		if filepath.Dir(path) != "docs/adr" || name == "README.md" {
			continue
		}
		number, _, _ := strings.Cut(name, "-")
		if other := byNumber[number]; other != "" {
			t.Errorf("%s and %s have one number", other, name)
		}
		byNumber[number] = name
		if !strings.HasPrefix(text, "# "+number+": ") || !strings.Contains(index, "("+name+")") {
			t.Errorf("%s: the title does not begin with its number, or the index does not link it", path)
		}
		for _, part := range []string{"Context", "Decision", "Why", "Consequences", "When to revisit", "Evidence"} {
			if !strings.Contains(text, "\n## "+part+"\n") {
				t.Errorf("%s has no part %q", path, part)
			}
		}
	}
	for path, text := range sources(t, ".md", ".go", ".sh", ".py", ".yml", ".mjs", ".templ", ".css", ".js") {
		for _, found := range regexp.MustCompile(`docs/adr/(\d{4})`).FindAllStringSubmatch(text, -1) {
			if byNumber[found[1]] == "" {
				t.Errorf("%s refers to decision %s, which has no page", path, found[1])
			}
		}
	}
}

func TestTheRequirementsTableNamesTestsThatExist(t *testing.T) {
	t.Parallel()
	const table = "docs/security.md"
	text := read(t, table)
	tests := map[string]bool{}
	named := map[string]bool{}
	for path, source := range sources(t, ".go") {
		if path == "docs_test.go" || !strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "sandbox/sandboxtest/") {
			continue
		}
		for _, f := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(source, -1) {
			tests[f[1]] = true
		}
		for _, id := range regexp.MustCompile(`(SEC|REL)-?(\d+)`).FindAllStringSubmatch(source, -1) {
			named[id[1]+"-"+id[2]] = true
		}
	}
	for _, name := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(text, -1) {
		if !tests[name] {
			t.Errorf("%s names %s, which is no test", table, name)
		}
	}
	suite := readAll(t, "sandbox/sandboxtest/*.go")
	for _, part := range regexp.MustCompile(`\bTest(Attack|JailConforms)/(\w+)`).FindAllStringSubmatch(text, -1) {
		_, err := os.Stat("sandbox/sandboxtest/testdata/attacks/" + part[2] + ".py")
		if err != nil && !strings.Contains(suite, `"`+part[2]+`"`) {
			t.Errorf("%s names %s, which the suite does not have", table, part[0])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(named)) {
		if !strings.Contains(text, "| "+id+" |") {
			t.Errorf("%s has no row for %s, which a test names", table, id)
		}
	}
}

// documents maps the path of every Markdown file of ours to its text.
func documents(t *testing.T) map[string]string { return sources(t, ".md") }

// sources maps the path of every file with one of the endings to its text.
func sources(t *testing.T, endings ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "node_modules" || d.Name() == "dist" || strings.HasPrefix(d.Name(), ".") && path != "." {
				return filepath.SkipDir
			}
			return nil
		}
		if slices.ContainsFunc(endings, func(end string) bool { return strings.HasSuffix(path, end) }) {
			texts[path] = read(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func readAll(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			all.WriteString(read(t, path))
		}
	}
	return all.String()
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
