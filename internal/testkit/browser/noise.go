package browser

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// noise is what a tab's console said that nobody should see there, and the
// parts of it that the test expects.
type noise struct {
	mu       sync.Mutex
	heard    []string
	expected []string
}

// hear runs in the loop that reads the browser's messages, so what a step
// caused is heard before the step's answer arrives.
func (n *noise) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			said = "console." + string(e.Type) + ": " + spoken(e.Args)
		}
	case *runtime.EventExceptionThrown:
		said = "exception: " + (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error()
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			said = fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
	if said != "" {
		n.mu.Lock()
		n.heard = append(n.heard, said)
		n.mu.Unlock()
	}
}

func spoken(args []*runtime.RemoteObject) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a.Description
		if a.Description == "" {
			words[i] = string(a.Value)
		}
	}
	return strings.Join(words, " ")
}

// unexpected is what was heard and no expectation holds.
func (n *noise) unexpected() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.heard), func(said string) bool {
		return slices.ContainsFunc(n.expected, func(part string) bool { return strings.Contains(said, part) })
	})
}

// Expect lets console messages that hold part pass: those that the test causes
// on purpose, such as "404" for a page that is not there.
func (tab *Tab) Expect(part string) {
	tab.noise.mu.Lock()
	defer tab.noise.mu.Unlock()
	tab.noise.expected = append(tab.noise.expected, part)
}

// reportNoise fails the test for everything unexpected. The question before it
// makes sure that what came earlier has been heard.
func (tab *Tab) reportNoise() {
	_, _ = chromedp.Run(tab.ctx, chromedp.Evaluate[int]("1"))
	for _, said := range tab.noise.unexpected() {
		tab.t.Errorf("the console of a page is not quiet: %s", said)
	}
}
