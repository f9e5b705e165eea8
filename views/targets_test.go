package views_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
	"mayfly/views/gallery"
)

var (
	component = regexp.MustCompile(`^templ (\w+)`)
	rootID    = regexp.MustCompile(`\bid=\{ (\w+ID)\b`)
	swapped   = regexp.MustCompile(`hx-target=\{ target\((\w+ID)\b`)
)

// uses maps each id function or constant to the components whose source holds
// the pattern with it.
func uses(t *testing.T, pattern *regexp.Regexp) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	sources, err := filepath.Glob("*.templ")
	if err != nil || len(sources) == 0 {
		t.Fatal("no sources", err)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			if m := component.FindStringSubmatch(lines.Text()); m != nil {
				name = m[1]
			}
			for _, m := range pattern.FindAllStringSubmatch(lines.Text(), -1) {
				if !slices.Contains(found[m[1]], name) {
					found[m[1]] = append(found[m[1]], name)
				}
			}
		}
	}
	return found
}

// TestSwapTargets: whatever is swapped is the root of exactly one component.
func TestSwapTargets(t *testing.T) {
	t.Parallel()
	roots := uses(t, rootID)
	for id, components := range roots {
		if len(components) != 1 {
			t.Errorf("%s is drawn by %v", id, components)
		}
	}
	targets := uses(t, swapped)
	if len(targets) < 8 {
		t.Fatalf("only %d targets found: the pattern is out of date", len(targets))
	}
	for id := range targets {
		if len(roots[id]) != 1 {
			t.Errorf("%s is swapped by %v and drawn by %v", id, targets[id], roots[id])
		}
	}
}

// TestPartialsFitThePage: what a stream or a POST answers with has exactly the
// pieces that the page holds, each under its target's id.
func TestPartialsFitThePage(t *testing.T) {
	t.Parallel()
	v := attackRun("running", "text", "ours")
	limits := views.LimitsView{}
	home := drawn(t, views.Home(views.Frame{User: views.Person{ID: "1"}}, views.HomeView{Quick: &v}))
	page := drawn(t, views.Run(views.Frame{User: views.Person{ID: "1"}}, v))
	empty := drawn(t, views.Home(views.Frame{User: views.Person{ID: "1"}}, views.HomeView{}))
	for name, c := range map[string]struct {
		page, partials *goquery.Document
		want           int
	}{
		"started":    {empty, drawn(t, views.Started(v, limits)), 3},
		"quick":      {home, drawn(t, views.LiveUpdate(v, views.PlaceQuick, limits)), 5},
		"quick done": {home, drawn(t, views.LiveDone(v, views.PlaceQuick, limits)), 6},
		"page":       {page, drawn(t, views.LiveUpdate(v, views.PlacePage, limits)), 4},
		"answered":   {page, drawn(t, views.Answered(v)), 1},
		"page done":  {page, drawn(t, views.LiveDone(v, views.PlacePage, limits)), 2},
		"toast":      {home, drawn(t, views.ToastFragment(views.Toast{Icon: "check"})), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			partials := c.partials.Find("hx-partial")
			if partials.Length() != c.want {
				t.Errorf("%d partials, want %d", partials.Length(), c.want)
			}
			partials.Each(func(_ int, p *goquery.Selection) {
				target := p.AttrOr("hx-target", "")
				if n := c.page.Find(target).Length(); n != 1 {
					t.Errorf("%s is %d times on the page", target, n)
				}
				swap := p.AttrOr("hx-swap", "")
				if strings.HasPrefix(swap, "outer") && (p.Children().Length() != 1 || !p.Children().Is(target)) {
					t.Errorf("%s would be swapped for %s", target, outer(p.Children()))
				}
			})
		})
	}
}

// TestHomeRefresh: what Home asks for anew are panels that it has.
func TestHomeRefresh(t *testing.T) {
	t.Parallel()
	page, _ := gallery.Find("home-first")
	doc := drawn(t, page)
	for id := range strings.SplitSeq(doc.Find("live-panels").AttrOr("hx-select-oob", ""), ",") {
		if doc.Find(id).Length() != 1 {
			t.Errorf("%s is not on the page", id)
		}
	}
}

// TestLiveStream: a page listens while its run goes on, and not after.
func TestLiveStream(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]int{"queued": 1, "running": 1, "done": 0} {
		doc := drawn(t, views.Run(views.Frame{}, attackRun(state, "text", "ours")))
		streams := doc.Find("[hx-sse\\:connect]")
		if streams.Length() != want {
			t.Errorf("%s: %d streams, want %d", state, streams.Length(), want)
		}
		if want == 1 && streams.AttrOr("hx-sse:connect", "") != "/runs/abcdefgh/events?place=page" {
			t.Errorf("%s: %s", state, outer(streams))
		}
	}
}
