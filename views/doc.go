// Package views turns what a handler knows into HTML: pages, and the fragments
// pages are made of.
//
// Its words: a Frame is what stands around every page; a View is what one page
// or fragment shows, filled by a handler; a fragment is the one component that
// owns a swap target; a Transcript is a run's output as people read it.
//
// # Swap targets
//
// Each target is the root of exactly one component, and its DOM id comes from
// one function of ids.go. Pages are built from the fragments they swap, so a
// page loaded anew and a page kept up to date are the same page:
//
//	run-bar               RunBar       the button under the quick run's editor
//	quick-result          QuickResult  all of what the quick run says
//	run-{id}-live         runLive      the event stream; never swapped
//	run-{id}-status       RunStatus    state, timer, memory
//	run-{id}-outputs      RunOutputs   what it printed and showed
//	run-{id}-question     RunQuestion  what it asks by input(), with a field for the answer
//	run-{id}-files        RunFiles     chips (Home) or rows (run page), kept and not
//	run-{id}-body         RunBody      everything of a run's page but its stream
//	file-list             FileList     the list with its heads and pager
//	warming, running, expiring, recent, space, rail-space   fetched anew from /
//	toasts, announcer     Shell        messages; the one line read out when a run ends
//
// A POST made by htmx is answered with partials and nothing else: Started for a
// new run, Answered for an answer, ToastFragment for everything about files and for every error. A
// toast about files says so to the page ("files-changed"), upon which lists
// fetch themselves anew.
//
// A list fetches itself with the filter that its form holds, and is morphed:
// the field being typed in keeps its text, and ticks stay on their own rows,
// which are named by their files.
//
// # The stream
//
// While a run is queued or running its page holds a runLive, which asks for
// EventsURL(id, place). The stream answers with unnamed messages, each holding
// LiveUpdate(view, place): pieces that name their own targets, so a message is
// complete in itself and any message may be lost. A message carries the whole
// of what is shown of the outputs (bounded by the Transcript), since carriage
// returns and cursor moves change what was sent before; htmx morphs it in, so
// that only what differs is touched. When the run is done the stream sends
// LiveDone(view, place) and then an event named "done" with any data, upon
// which the page closes the stream and refreshes what else it shows. A stream
// that ends without "done" is asked for again. The browser closes it while the
// page is hidden. Ids of messages are not needed, but do no harm.
//
// # Invariants
//
// No inline script, style or event handler: the pages run under a policy that
// forbids them. Every form and link works without script. User text is
// escaped, or reaches the page through rich.go and nothing else, and lies
// under hx-ignore. Views know nothing of requests, sessions and stores: no
// view reads a clock, all time comes in with the view.
package views
