package browser

import (
	document "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// First has a script run in each page that is opened from now on, before any
// script of its own.
func (tab *Tab) First(script string) {
	tab.t.Helper()
	_, err := chromedp.Call(tab.ctx, document.AddScriptToEvaluateOnNewDocument, document.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	tab.must("put a script first", err)
}
