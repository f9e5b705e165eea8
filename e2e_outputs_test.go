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
	browser.Ask[bool](twin, "(() => { window.shown = []; new MutationObserver(() => shown.push(document.querySelector('" + cell(1, ".outputs") + "').innerText)).observe(document.querySelector('#cells'), {childList: true, characterData: true, subtree: true}); return true })()")
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
