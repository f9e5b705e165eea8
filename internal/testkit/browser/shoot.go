package browser

import (
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// tallest bounds a picture of a long page.
const tallest = 6000

// Shoot saves a picture of the whole page as name.png in the folder that
// MAYFLY_SHOTS names; without it, it does nothing.
func (tab *Tab) Shoot(name string) {
	tab.t.Helper()
	dir := os.Getenv("MAYFLY_SHOTS")
	if dir == "" {
		return
	}
	picture := tab.Picture()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

// Picture is the whole page as a PNG. The window grows for it, so that what
// stays at the window's foot lies at the page's; the mouse points at nothing.
func (tab *Tab) Picture() []byte {
	tab.t.Helper()
	height := max(tab.screen.height(), min(tallest, Ask[int64](tab, "document.documentElement.scrollHeight")))
	tab.must("grow the window", chromedp.Do(tab.ctx, tab.viewport(height), chromedp.MouseEvent(chromedp.MouseMoved, 0, 0)))
	Ask[bool](tab, "document.fonts.ready.then(() => { window.scrollTo(0, 0); return true; })")
	picture, err := chromedp.Run(tab.ctx, chromedp.CaptureScreenshot())
	tab.must("take a picture", err)
	tab.must("shrink the window", chromedp.Do(tab.ctx, tab.viewport(tab.screen.height())))
	return picture
}
