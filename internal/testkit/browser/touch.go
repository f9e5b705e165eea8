package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Pull puts a finger on the middle of one element and lifts it over the middle of
// another, by way of two points between them.
func (tab *Tab) Pull(from, to string) {
	tab.t.Helper()
	a, b := tab.ends(from, to)
	tab.must("pull", tab.call(func(ctx context.Context, t *chromedp.Target) error {
		for i, kind := range []input.DispatchTouchEventType{
			input.DispatchTouchEventTypeTouchStart, input.DispatchTouchEventTypeTouchMove, input.DispatchTouchEventTypeTouchMove,
			input.DispatchTouchEventTypeTouchMove, input.DispatchTouchEventTypeTouchEnd,
		} {
			way := min(float64(i), 3) / 3
			params := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{{X: a.X + (b.X-a.X)*way, Y: a.Y + (b.Y-a.Y)*way}}}
			if kind == input.DispatchTouchEventTypeTouchEnd {
				params.TouchPoints = []*input.TouchPoint{}
			}
			if _, err := cdp.Call(ctx, t, input.DispatchTouchEvent, params); err != nil {
				return err
			}
		}
		return nil
	}))
}

// ends are the middles of two elements that can be seen together: finding one may
// scroll the other away from where it was.
func (tab *Tab) ends(from, to string) (a, b point) {
	tab.t.Helper()
	tab.find(from, "")
	b = tab.find(to, "")
	a = Ask[point](tab, call(`(selector) => {
		const box = document.querySelector(selector).getBoundingClientRect()
		return { x: box.left + box.width / 2, y: box.top + box.height / 2 }
	}`, from))
	return a, b
}

// Drop lets files of the disk go over the middle of an element, as somebody who
// drags them out of a folder.
func (tab *Tab) Drop(selector string, paths ...string) {
	tab.t.Helper()
	at := tab.find(selector, "")
	const copying = 1
	tab.must("drop files", tab.call(func(ctx context.Context, t *chromedp.Target) error {
		for _, kind := range []input.DispatchDragEventType{
			input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop,
		} {
			if _, err := cdp.Call(ctx, t, input.DispatchDragEvent, input.DispatchDragEventParams{
				Type: kind, X: at.X, Y: at.Y, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: copying},
			}); err != nil {
				return err
			}
		}
		return nil
	}))
}
