package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core as package-lock.json pins it.
var axe = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("no axe-core (npm ci installs it): %w", err)
	}
	return string(text), nil
})

// finding is one rule of axe that the page breaks.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// Accessible fails the test for everything that axe calls serious or critical
// in the page as it is now. Pass what page this is. On a dark screen only the
// colours are looked at: nothing else is different there.
func (tab *Tab) Accessible(page string) {
	tab.t.Helper()
	source, err := axe()
	tab.must("check the page", err)
	if !Ask[bool](tab, "!!window.axe") {
		_, err := evaluate[chromedp.Void](tab.ctx, source)
		tab.must("load axe", err)
	}
	options := `{ resultTypes: ["violations"] }`
	if tab.screen.Dark {
		options = `{ resultTypes: ["violations"], runOnly: ["color-contrast"] }`
	}
	findings := Ask[[]finding](tab, "axe.run("+options+").then((r) => r.violations)")
	for _, f := range findings {
		if f.Impact != "serious" && f.Impact != "critical" {
			continue
		}
		for _, node := range f.Nodes {
			tab.t.Errorf("%s: axe says %s, %s (%s)\n%s\n%s", page, f.Impact, f.Help, f.ID, cut(node.HTML, 300), node.FailureSummary)
		}
	}
}
