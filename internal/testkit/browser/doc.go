// Package browser drives a real Chromium in tests, as people do: it clicks what
// can be seen and hit, types, pastes, downloads, and looks at what the page
// says.
//
// Words: a Tab is one page of one person; each Open is another person, with
// cookies of their own; a twin is a second tab of the same person; noise is
// what a page must not make: errors and warnings in the console, exceptions,
// violations of the content security policy.
//
// Invariants: one Chromium serves the whole test process, and Close ends it;
// every wait polls a condition until a deadline; a tab that made noise which
// its test did not expect fails the test; a failed test's page is described in
// its message. MAYFLY_SHOTS names a folder for the pictures that Shoot takes;
// without it none are taken.
//
// Does not belong here: what Mayfly's pages should say (the tests know that).
package browser
