package main

import (
	"testing"

	"mayfly/internal/testkit/browser"
)

// TestADisplayChangesWhereItStands: a later cell changes what an earlier one shows,
// in both tabs, and after a reload it is so.
func TestADisplayChangesWhereItStands(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.notebookOf("bar = display('0 of 30', display_id='bar')\nprint('begun')", `import time
from IPython.display import update_display
for i in range(30):
    bar.update(f'{i + 1} of 30')
    time.sleep(0.05)
update_display('all of it', display_id='bar')
print('over')`)
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go(path)
	twin := tab.Twin()
	twin.Go(path)
	tab.Click(cell(1, "[data-do=run]"))
	twin.SeeIn(cell(1, ".outputs"), "'0 of 30'")
	browser.Ask[bool](twin, "(() => { window.shown = []; new MutationObserver(() => shown.push(document.querySelector('"+cell(1, ".outputs")+"').innerText)).observe(document.querySelector('#cells'), {childList: true, characterData: true, subtree: true}); return true })()")
	tab.Click(cell(2, "[data-do=run]"))
	for _, b := range []*browser.Tab{tab, twin} {
		b.SeeIn(cell(2, ".outputs"), "over")
		b.SeeIn(cell(1, ".outputs"), "'all of it'")
	}
	if steps := browser.Ask[int](twin, "new Set(shown).size"); steps < 3 {
		t.Errorf("the twin saw %d states on the way", steps)
	}
	tab.Reload()
	tab.SeeIn(cell(1, ".outputs"), "'all of it' begun")
	if n := browser.Ask[int](tab, "document.querySelectorAll('"+cell(2, ".outputs > *")+"').length"); n != 1 {
		t.Errorf("the later cell shows %d pieces", n)
	}
}

// TestAFigureIsKeptAndDescribed: with script by its buttons, in place; without, by
// the same forms.
func TestAFigureIsKeptAndDescribed(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.notebookOf("import matplotlib.pyplot as plt\nplt.plot([3, 1, 2])\nplt.title('Gold: by day');", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go(path)
	tab.Click("[data-do=run-all]")
	tab.SeeIn(cell(1, ".figure-about"), "Described by its code.")
	tab.SeeIn(cell(2, ".figure-about"), "Described by its code.")
	tab.Click(cell(1, ".figure-keep button"))
	tab.SeeIn(".toast", "Gold- by day.png is kept")
	tab.SeeIn(".toast a[href^='/files/']", "Open")
	tab.SeeIn(cell(1, ".chip"), "Gold- by day.png")
	tab.SeeIn("#notebook-files", "Gold- by day.png")
	tab.Click(cell(1, ".figure-describe summary"))
	lookAt(t, tab, "figure-describe")
	tab.Type(cell(1, ".figure-describe textarea"), "Gold falls, then rises.")
	tab.Click(cell(1, ".figure-describe button"))
	tab.SeeIn(cell(1, ".figure-about > .figure-words"), "Gold falls, then rises.")
	tab.Wait("document.querySelector('" + cell(1, ".out-figure img") + "').alt === 'Gold falls, then rises.' && !document.querySelector('" + cell(1, ".figure-describe[open]") + "')")
	lookAt(t, tab, "figure-described")
	tab.Click(cell(1, ".chip-main"))
	tab.At("/files/*")
	tab.SeeIn("h1", "Gold- by day.png")

	plain := mira.browse(browser.Screen{NoScript: true})
	plain.Go(path)
	plain.SeeIn(cell(1, ".figure-words"), "Gold falls, then rises.")
	plain.Click(cell(2, ".figure-describe summary"))
	plain.Type(cell(2, ".figure-describe textarea"), "It rises.")
	plain.Click(cell(2, ".figure-describe button"))
	plain.SeeIn(cell(2, ".figure-words"), "It rises.")
	plain.Click(cell(2, ".figure-keep button"))
	plain.At("/files/*")
	plain.SeeIn("h1", "figure-2-1.png")
}
