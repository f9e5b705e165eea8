// Package runner takes a request to a finished run: it hands the code to a
// kernel, writes down what it says as it says it, keeps the files it made, and
// ends the run with a truthful verdict.
//
// Words: a recorder writes one run's output; an asker also puts its questions to
// the owner; a shelf is what load_file reaches on behalf of one run; a beat says
// that a run is still worked; the keeper holds the kernels of notebooks between
// runs, and lends each to one run at a time.
//
// Invariants:
//   - user code runs at most once: only BeginRun starts it, and nothing starts
//     it again;
//   - whatever the code does is data; an error of ours ends the run as lost and
//     is logged once;
//   - a kernel serves one run, or one notebook of one owner, and is closed
//     whatever happens;
//   - a live kernel is used only while its row lives;
//   - an answer reaches the code and nothing else: it is never logged, and its
//     row is gone once it is delivered;
//   - output is written in order by one writer, bounded in memory and in rows.
//
// Does not belong here: queues (jobs), rules of runs and files (models), walls
// (sandbox).
package runner
