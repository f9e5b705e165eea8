package browser

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// Download is a file that the browser saved.
type Download struct {
	Name string // as the server named it
	Data []byte
}

func (tab *Tab) acceptDownloads(ctx context.Context, _ *chromedp.Target) error {
	_, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: tab.t.TempDir(), EventsEnabled: new(true),
		BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
	})
	return err
}

// Download does what begins a download, and waits for the whole file.
func (tab *Tab) Download(begin func()) Download {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	begun := chromedp.BrowserEvents(ctx, browser.DownloadWillBegin)
	progress := chromedp.BrowserEvents(ctx, browser.DownloadProgress)
	begin()
	own := string(chromedp.FromContext(tab.ctx).Target.TargetID)
	file, err := first(begun, func(e browser.EventDownloadWillBegin) bool { return string(e.FrameID) == own })
	tab.must("begin a download", err)
	end, err := first(progress, func(e browser.EventDownloadProgress) bool {
		return e.GUID == file.GUID && e.State != browser.DownloadProgressStateInProgress
	})
	tab.must("download "+file.SuggestedFilename, err)
	if end.State != browser.DownloadProgressStateCompleted {
		tab.t.Fatalf("the download of %s was %s", file.SuggestedFilename, end.State)
	}
	data, err := os.ReadFile(end.FilePath)
	tab.must("read the download", err)
	return Download{Name: filepath.Base(file.SuggestedFilename), Data: data}
}

// first returns the first event that matches.
func first[E any](events iter.Seq2[E, error], match func(E) bool) (E, error) {
	for e, err := range events {
		if err != nil || match(e) {
			return e, err
		}
	}
	var none E
	return none, fmt.Errorf("the browser has ended")
}
