// Package jobs puts runs and upkeep into River: the client, one small file for
// each kind of job, and no rules.
//
// Words: a Job is a row of River's; the queue "runs" holds runs for any node,
// "node_…" those for one node, "upkeep" the rest.
//
// Invariants: user code has one attempt and no timeout of River's (our limits
// rule); every kind is registered on every node, because River's leader
// discards kinds that it does not know; upkeep may run twice and do no harm.
//
// Does not belong here: what a run or a sweep does (runner, storage, models).
package jobs
