// Package handlers answers the app's requests: one file per resource, each
// handler parses, makes one call, and presents. routes.go is the whole surface
// on one screen.
//
// Words: a page is a whole document, a fragment the part of it that htmx swaps.
//
// Invariants: a handler holds no transaction, no loop over domain objects and
// no comparison of times or states; the owner of everything it touches is
// web.Owner(r), and goes into every call; every route declares its audience.
//
// Does not belong here: rules (models), what runs (runner), bytes (storage),
// markup (views), checks that every request needs (web).
package handlers
