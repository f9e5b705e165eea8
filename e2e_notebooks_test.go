package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// codeOf joins the code cells of a committed notebook as one run can have them:
// without those whose magic must stand first, and without those that raise or
// take back what others said.
func codeOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "notebooks", name+".ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(text, &notebook); err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, cell := range notebook.Cells {
		source := strings.Join(cell.Source, "")
		if cell.Type != "code" || strings.HasPrefix(source, "%%") || strings.Contains(source, "clear_output(") || strings.Contains(source, "load_dataset") || strings.Contains(source, "n / 0") {
			continue
		}
		code.WriteString(shownToo(source) + "\n")
	}
	return code.String()
}

// shownToo makes the last expression of a cell a display: in one run only the
// last cell's shows by itself.
func shownToo(source string) string {
	lines := strings.Split(source, "\n")
	last := lines[len(lines)-1]
	if strings.HasPrefix(last, " ") || strings.HasPrefix(last, "%") || strings.HasPrefix(last, "!") || strings.HasSuffix(last, ";") ||
		strings.Contains(last, "print(") || strings.Contains(last, ".show(") || strings.Contains(last, ".info(") || strings.Contains(last, "import ") || strings.Contains(strings.SplitN(last, "(", 2)[0], "=") || strings.HasPrefix(last, "display(") {
		return source
	}
	lines[len(lines)-1] = "display(" + last + ")"
	return strings.Join(lines, "\n")
}

// TestPagesOfNotebooks looks at what teaching notebooks show on a run's page.
func TestPagesOfNotebooks(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	for name, want := range map[string][]string{
		"pandas":   {".out-table thead th", ".out-table .null", ".out-figure img[alt^='Bar chart: Mean gold by region']", "iframe.out-frame"},
		"seaborn":  {".out-figure img[alt^='Scatter plot: Flipper and mass']", ".out-figure img[alt^='Two views of mass']"},
		"sympy":    {".out-prose math msqrt", ".out-prose math mtable", ".out-prose strong"},
		"progress": {".log .out-text"},
		"rich":     {".out-table .null", "iframe.out-frame[title^='Interactive figure: Line chart: Degrees by day.']", "iframe.out-frame[title^='Sound']", ".out-figure img[src*='svg']"},
	} {
		path, page := mira.finish(codeOf(t, name))
		if !strings.Contains(page, "ok") {
			t.Errorf("%s: %.2000s", name, page)
		}
		if status := tab.Go(path); status != http.StatusOK {
			t.Errorf("%s answered %d", path, status)
		}
		for _, selector := range want {
			tab.Wait("document.querySelector(`" + selector + "`)")
		}
		tab.Wait("[...document.querySelectorAll('iframe.out-frame')].every((f) => { f.loading = 'eager'; return f.dataset.told !== undefined })")
		tab.Wait("[...document.images].every((i) => { i.loading = 'eager'; return i.complete && i.naturalWidth > 0 })")
		lookAt(t, tab, "notebook-"+name)
	}
}

// TestFiguresWithoutScript: a page in a browser that runs no scripts has the
// picture of a figure in the place of its frame, and with script only the frame.
func TestFiguresWithoutScript(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	mira := signedIn(t, s, "Mira")
	path, _ := mira.finish("import plotly.express as px\npx.bar(x=['a', 'b'], y=[1, 3], title='Plain')")
	for _, plain := range []bool{true, false} {
		tab := mira.browse(browser.Screen{NoScript: plain, StillMotion: true})
		tab.Go(path)
		tab.Wait("document.querySelector('iframe.out-frame')")
		seen := browser.Ask[bool](tab, "document.querySelector('iframe.out-frame').checkVisibility()")
		pictures := browser.Ask[int](tab, "document.querySelectorAll(\".out-figure img[alt='Bar chart: Plain. x axis: x, y axis: y.']\").length")
		if seen == plain || (pictures == 1) != plain {
			t.Errorf("without script %t: frame %t, %d pictures", plain, seen, pictures)
		}
		if plain {
			tab.Wait("document.querySelector('.out-figure img').naturalWidth > 300")
			tab.Shoot("figure-without-script")
		}
	}
}

// TestAFrameTellsItsHeightAndNothingElse: script in a frame runs, draws, and
// reaches neither the page nor the network.
func TestAFrameTellsItsHeightAndNothingElse(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path, _ := mira.finish(`from IPython.display import HTML
display(HTML('''<div id=tall style="height: 700px">tall</div><script>
let said = []
try { parent.document.title = 'taken' } catch (e) { said.push('no page') }
try { localStorage.x = 1 } catch (e) { said.push('no storage') }
fetch('/').catch(() => { said.push('no network'); document.getElementById('tall').textContent = said.join(', '); parent.postMessage({mayfly: 'height', height: 1e9}, '*') })
</script>'''))`)
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Expect("Content Security Policy")
	tab.Expect("Failed to")
	tab.Go(path)
	tab.Wait("document.querySelector('iframe.out-frame').height > 700")
	tab.Wait("document.querySelector('iframe.out-frame').height <= 4000")
	if title := browser.Ask[string](tab, "document.title"); strings.Contains(title, "taken") {
		t.Errorf("the page is called %q", title)
	}
}

const changing = `import time
from IPython.display import clear_output
print('taken back')
clear_output()
shown = display('state 0', display_id=True)
print('below it')
i = 0
while True:
    i += 1
    shown.update(f'state {i}')
    time.sleep(0.1)
`

// TestADisplayChangesInPlaceEverywhere: on the live page, in a second tab, after a
// reload and in the end there is one display, with its newest content.
func TestADisplayChangesInPlaceEverywhere(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.start(changing)
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go(path)
	twin := tab.Twin()
	twin.Go(path)
	once := func(where *browser.Tab, state string) {
		t.Helper()
		where.SeeIn(".log", state)
		text := where.Texts(".log")[0]
		if strings.Count(text, "state") != 1 || strings.Index(text, "below it") < strings.Index(text, "state") || strings.Contains(text, "taken back") {
			t.Errorf("it shows %q", text)
		}
	}
	once(tab, "state 2")
	once(twin, "state 5")
	twin.Reload()
	once(twin, "state")
	tab.Press("Stop")
	twin.SeeIn(".ending", "You stopped it")
	tab.SeeIn(".ending", "You stopped it")
	once(tab, "state")
	if here, there := tab.Texts(".log")[0], twin.Texts(".log")[0]; here != there {
		t.Errorf("the two tabs differ: %q and %q", here, there)
	}
}
