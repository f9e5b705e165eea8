// Package sandbox is the thick line between Mayfly and other people's code.
//
// It declares what a wall must offer (Sandbox, Kernel), what a run may use
// (Limits) and how a run can end (Ending). The one real wall is package jail;
// package sandboxtest is the suite every wall must pass.
//
// Words: a Kernel is one live interpreter inside its wall; a Shelf is the set
// of live files that kernel may read; an Ending is how one Exec ended.
//
// Invariants: there is no unwalled implementation, not even for tests. What
// the guest does wrong is a Result (data); an error is always our own fault.
// A Kernel serves one owner and is destroyed after use, never handed on.
//
// Does not belong here: users, notebooks, HTTP, Postgres, blobs.
package sandbox
