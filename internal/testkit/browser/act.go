package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed find.js
var findJS string

// pressable is what Press looks among.
const pressable = "button, a, summary, input[type=submit], [role=button], [role=menuitem], [role=tab]"

// Go opens a path, or a whole address, waits until it has loaded and returns
// its status.
func (tab *Tab) Go(path string) int {
	tab.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = tab.base + path
	}
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.NavigateResponse(address))
	tab.must("open "+path, err)
	return int(answer.Status)
}

// Away leaves the page for an empty one.
func (tab *Tab) Away() {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	tab.must("leave", chromedp.Do(ctx, chromedp.Navigate("about:blank")))
}

// Reload loads the page again and waits until it has loaded.
func (tab *Tab) Reload() {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	tab.must("reload", chromedp.Do(ctx, chromedp.Reload()))
}

// Press clicks the button or link with these words on it: all of them, or else
// the first of them.
func (tab *Tab) Press(words string) {
	tab.t.Helper()
	tab.click(pressable, words)
}

// Find waits until the button or link with these words can be pressed.
func (tab *Tab) Find(words string) {
	tab.t.Helper()
	tab.find(pressable, words)
}

// Click clicks the first visible element that the selector finds.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	tab.click(selector, "")
}

func (tab *Tab) click(selector, words string) {
	tab.t.Helper()
	at := tab.find(selector, words)
	tab.must("click", chromedp.Do(tab.ctx, chromedp.MouseClickXY(at.X, at.Y)))
}

type point struct {
	X, Y float64
	Why  string
}

// find waits until the element can be hit and stands still: two looks in a row
// find it at the same place.
func (tab *Tab) find(selector, words string) (at point) {
	tab.t.Helper()
	what := strings.TrimSpace(selector + " " + words)
	if words != "" {
		what = fmt.Sprintf("a button or link %q", words)
	}
	tab.wait("hit "+what, func() (done bool, seen string) {
		before := at
		var err error
		at, err = evaluate[point](tab.ctx, call(findJS, selector, words))
		switch {
		case err != nil:
			return false, err.Error()
		case at.Why != "":
			return false, at.Why
		}
		return at == before, "it moves"
	})
	return at
}

// Type writes text where the selector's element is, in place of what is there.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	tab.Click(selector)
	tab.must("select all", chromedp.Do(tab.ctx, shortcut("a", "selectAll")))
	tab.must("type", tab.call(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// clipboard keeps tests that paste apart: the browser has one.
var clipboard sync.Mutex

// Paste puts text where the selector's element is, in place of what is there,
// through the clipboard and Ctrl+V.
func (tab *Tab) Paste(selector, text string) {
	tab.t.Helper()
	tab.Click(selector)
	clipboard.Lock()
	defer clipboard.Unlock()
	tab.must("allow the clipboard", tab.allow("clipboard-read", "clipboard-write"))
	_, err := chromedp.Run(tab.ctx, chromedp.Evaluate[chromedp.Void]("navigator.clipboard.writeText("+quote(text)+")", chromedp.EvalAwaitPromise))
	tab.must("fill the clipboard", err)
	tab.must("paste", chromedp.Do(tab.ctx, shortcut("a", "selectAll"), shortcut("v", "paste")))
}

// What is held down for Keys.
const (
	Ctrl  = chromedp.ModifierCtrl
	Shift = chromedp.ModifierShift
	Alt   = chromedp.ModifierAlt
)

// Keys presses a shortcut of the page, or one key after the other; keys are named
// as in chromedp's package kb, "\r" is Enter.
func (tab *Tab) Keys(key string, modifiers ...chromedp.Modifier) {
	tab.t.Helper()
	held := chromedp.KeyModifiers(modifiers...)
	tab.must("press keys", tab.call(func(ctx context.Context, t *chromedp.Target) error {
		for _, letter := range key {
			for _, event := range kb.Encode(letter) {
				held(event)
				if event.Type == kb.KeyDown {
					event.Type = input.DispatchKeyEventTypeRawKeyDown // one that the page handles then types nothing, as of a keyboard
				}
				if event.Type == kb.KeyChar && event.Modifiers&^int64(Shift) != 0 {
					continue
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// Drag presses the mouse on the middle of one element and lets go over the
// middle of another, by way of a point between them.
func (tab *Tab) Drag(from, to string) {
	tab.t.Helper()
	a, b := tab.ends(from, to)
	tab.must("drag", chromedp.Do(tab.ctx,
		chromedp.MouseEvent(chromedp.MousePressed, a.X, a.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, (a.X+b.X)/2, (a.Y+b.Y)/2, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, b.X, b.Y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, b.X, b.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
	))
}

// Choose puts files into a file input, which may be invisible behind its label.
func (tab *Tab) Choose(selector string, paths ...string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	tab.must("choose files", chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS(selector), paths, chromedp.NodeReady)))
}

// shortcut is Ctrl and a letter, with the editing command that the letter means
// to a text field.
func shortcut(letter, command string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		upper := strings.ToUpper(letter)
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			params := input.DispatchKeyEventParams{
				Type: kind, Key: letter, Code: "Key" + upper, WindowsVirtualKeyCode: int64(upper[0]), Modifiers: int64(chromedp.ModifierCtrl),
			}
			if kind == input.DispatchKeyEventTypeRawKeyDown {
				params.Commands = []string{command}
			}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, params); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tab *Tab) allow(permissions ...string) error {
	for _, name := range permissions {
		if _, err := chromedp.CallBrowser(tab.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
			BrowserContextID: chromedp.FromContext(tab.ctx).BrowserContextID,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (tab *Tab) call(f func(context.Context, *chromedp.Target) error) error {
	return chromedp.Do(tab.ctx, chromedp.Func(f))
}

// call is the text of a call of a function with plain values.
func call(function string, args ...any) string {
	values := make([]string, len(args))
	for i, a := range args {
		values[i] = quote(a)
	}
	return "(" + function + ")(" + strings.Join(values, ", ") + ")"
}

func quote(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // plain values only
	}
	return string(text)
}
