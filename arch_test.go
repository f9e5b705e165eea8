package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// floors is the import table: a package may import packages of its own floor
// only where the table says so, and else of lower floors (docs/architecture.md).
var floors = []struct {
	floor    int
	packages []string
}{
	{5, []string{"."}},
	{4, []string{"handlers", "handlers/api", "bot", "jobs"}},
	{3, []string{"web", "views", "views/ui", "views/gallery", "views/math", "static"}},
	{2, []string{"runner", "storage", "exchange"}},
	{1, []string{"sandbox", "sandbox/jail", "sandbox/python", "sandbox/sandboxtest", "events"}},
	{0, []string{"models", "models/migrations", "config"}},
}

// sideways lists the imports allowed within one floor, downhill as drawn.
var sideways = map[string][]string{
	"handlers":            {"handlers/api"},
	"web":                 {"views", "views/ui", "static"},
	"views":               {"views/math", "views/ui", "static"},
	"views/ui":            {"static"},
	"views/gallery":       {"views", "views/ui", "static"},
	"runner":              {"storage"},
	"sandbox/jail":        {"sandbox", "sandbox/python"},
	"sandbox/sandboxtest": {"sandbox"},
	"models":              {"models/migrations"},
}

// only names libraries and the packages that may know them.
var only = map[string][]string{
	"gorm.io/":                      {"models"},
	"github.com/riverqueue/":        {"jobs"},
	"github.com/markbates/goth":     {"web"},
	"github.com/gorilla/":           {"web"},
	"gocloud.dev":                   {"storage"},
	"github.com/danielgtaylor/huma": {"handlers/api"},
	"github.com/urfave/cli":         {"."},
	"github.com/caarlos0/env":       {"config"},
	"mayfly/config":                 {"."},
	"mayfly/internal/pgserver":      {".", "internal/testkit"},
	"github.com/elastic/go-seccomp": {"sandbox/jail"},
	"github.com/dop251/goja":        {"views/math"},
}

func TestImportsGoDownOnly(t *testing.T) {
	t.Parallel()
	for pkg, imports := range productImports(t) {
		for _, imp := range imports {
			checkKnownOnly(t, pkg, imp)
			target, ours := strings.CutPrefix(imp, "mayfly/")
			if !ours || strings.HasPrefix(target, "internal/") {
				continue
			}
			if strings.HasPrefix(pkg, "internal/") || strings.HasPrefix(pkg, "bench") {
				continue
			}
			from, to := floorOf(t, pkg), floorOf(t, target)
			if to > from || (to == from && !slices.Contains(sideways[pkg], target)) {
				t.Errorf("%s (floor %d) imports %s (floor %d): imports go down only", pkg, from, target, to)
			}
		}
	}
}

func checkKnownOnly(t *testing.T, pkg, imp string) {
	t.Helper()
	if strings.HasPrefix(imp, "mayfly/internal/testkit") && !strings.HasPrefix(pkg, "internal/testkit") {
		t.Errorf("%s imports %s: the testkit is for tests only", pkg, imp)
	}
	for library, homes := range only {
		if strings.HasPrefix(imp, library) && !slices.Contains(homes, pkg) && !strings.HasPrefix(pkg, "internal/testkit") && !strings.HasPrefix(pkg, "bench") {
			t.Errorf("%s imports %s, which only %v may know", pkg, imp, homes)
		}
	}
}

func TestNoRoomIsNamedForNothing(t *testing.T) {
	t.Parallel()
	vague := []string{"util", "utils", "common", "helper", "helpers", "misc", "manager", "service", "services", "shared"}
	for pkg := range productImports(t) {
		for part := range strings.SplitSeq(pkg, "/") {
			if slices.Contains(vague, part) {
				t.Errorf("%s: a room is named for what it holds", pkg)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for pkg := range productImports(t) {
		if pkg == "." {
			continue
		}
		home := "doc.go"
		if _, err := os.Stat(filepath.Join(pkg, home)); err != nil {
			home = "main.go" // of a command
		}
		doc, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg, home), nil, parser.ParseComments)
		if err != nil || doc.Doc == nil || len(doc.Doc.Text()) < 80 {
			t.Errorf("%s has no doc.go that says its purpose, words, invariants and what does not belong", pkg)
		}
	}
}

func floorOf(t *testing.T, pkg string) int {
	t.Helper()
	for _, f := range floors {
		if slices.Contains(f.packages, pkg) {
			return f.floor
		}
	}
	t.Errorf("%s stands on no floor: add it to the table, and to docs/architecture.md", pkg)
	return 0
}

// productImports maps each package folder to what its non-test files import.
func productImports(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		for _, imp := range file.Imports {
			imports[pkg] = append(imports[pkg], strings.Trim(imp.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}
