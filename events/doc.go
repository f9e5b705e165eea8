// Package events carries hints: "look again at run 7". They come from commits
// (LISTEN/NOTIFY on Postgres) and are fanned out to whoever watches in this
// process. A watcher reads the rows again; a hint carries no content.
//
// Words: a Hub listens, a Watch is one watcher's place in it, a Topic is what
// it watches.
//
// Invariants: a slow watcher never holds the hub up, since hints merge into one;
// after a lost connection every watcher is woken, because it may have missed
// something.
//
// Does not belong here: output, queues, timers.
package events
