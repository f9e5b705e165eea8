// Package gallery shows every component in every state from canned data: at
// /gallery in development, and to the tests of views, which check each page of
// it.
//
// Its words: a part is one component in all its states, on the one long page
// that Page gives; a named page is a whole page in one state, found by name.
//
// Invariants: no data but what stands here; "now" is one fixed moment, so two
// renderings are the same bytes; whatever a view can show, it shows here.
// Components belong in views; nothing of the product imports this package but
// the handler of /gallery.
package gallery
