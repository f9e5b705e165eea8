// Package node starts the whole of Mayfly below its surfaces for a test: store,
// vault, hub, runner and River's workers on a database of the test's own, with
// the real jail. Only tests import it.
//
// Words: a Node is what one server process has; several share a database and a
// folder of blobs as several servers would.
//
// Does not belong here: HTTP, browsers, stand-ins for our own code.
package node
