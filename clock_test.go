package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ownClock names the files of the product that may read this machine's clock,
// and for what. All of it is spans, deadlines, and the five minutes of a link,
// whose file is asked again at the database; none of it is an expiry.
var ownClock = map[string]string{
	"handlers/api/operation.go": "the deadline of an answer",
	"runner/keeper.go":          "how long a kernel has been idle: a span on the node that holds it",
	"runner/work.go":            "how long a run took, when the jail cannot tell",
	"storage/reconcile.go":      "the age of a blob, which has its time from this machine too",
	"views/formulas.go":         "how long the formulas of a page took",
	"views/math/temml.go":       "the time of a formula",
	"web/accesslog.go":          "how long an answer took",
	"web/body.go":               "the pace of a body",
	"web/content.go":            "the deadline of a transfer",
	"web/link.go":               "the five minutes of a link",
	"web/outputlink.go":         "the five minutes of a link",
	"web/send.go":               "the deadline of a transfer",
	"web/stream.go":             "the deadline of a write",
	"web/zip.go":                "the deadline of a transfer",
}

// A machine whose clock is hours off must not see a file sooner or later than
// others do: what decides is the database's clock alone.
func TestExpiryAsksOnlyTheDatabaseREL11(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, room := range []string{"models", "storage", "runner", "jobs", "events", "handlers", "web", "views"} {
		for _, path := range productFiles(t, room) {
			if readsClock(t, path) {
				found[path] = true
				if ownClock[path] == "" {
					t.Errorf("%s reads this machine's clock: ask the database, or say in ownClock what for", path)
				}
			}
		}
	}
	for path := range ownClock {
		if !found[path] {
			t.Errorf("%s does not read the clock any more: take it off the list", path)
		}
	}
}

func productFiles(t *testing.T, room string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(room, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, filepath.ToSlash(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readsClock(t *testing.T, path string) (reads bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, call.Sel.Name) {
				reads = true
			}
		}
		return true
	})
	return reads
}
