// Command bench measures the whole product: from the moment code is handed in to
// the moment its result is there, beside the runtime's own interpreter doing the
// same in the same run, in turns. It also measures the sweep. With -phases it
// says instead where the time of a run goes, with -api, -pages and -notebook how
// calls, pages and streams do under load, with -browser how long somebody at a
// Chromium waits for a page, a key and the output of a run. It prints tables and
// judges nothing.
//
// Words: a contender does one program's work in its own way; a ratio is the bare
// interpreter's median over the contender's.
//
// Needs what the server needs: make setup has been run, and root; -browser also
// what make setup-test installs. The database
// and the blobs are made for the occasion, with the settings of a real
// installation, and removed.
//
// Does not belong here: tests, goals, the sandbox alone (sandbox/jail).
package main
