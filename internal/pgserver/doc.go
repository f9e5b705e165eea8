// Package pgserver runs the private PostgreSQL of an installation that names no
// database of its own: initdb once, then one server that answers on a Unix
// socket and on no port.
//
// Words: the data folder is MAYFLY_DATA; the cluster is what initdb makes in
// it; the owner is the system user that PostgreSQL runs as.
//
// Invariants:
//   - nothing is ever initialised over an existing cluster: initdb works in a
//     folder beside it, and a finished one is renamed into place;
//   - one lock, held by whoever started the server and by every process of the
//     server, so that two never meet in one cluster, whoever was killed;
//   - the server dies with the process that started it, by a signal from the
//     kernel;
//   - the program's own role is no superuser; who may reach the socket is
//     decided by the folder it lies in, which is its owner's alone.
//
// Does not belong here: the schema (models/migrations) and pools (models).
package pgserver
