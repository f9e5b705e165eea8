// Package testkit gives tests the real things: a PostgreSQL cluster with a
// database of its own for each test, and stores on it. Only tests import it.
//
// Words: the template is a database that has every migration; a clone of it
// takes 40 ms, so every test has its own and all run in parallel.
//
// Does not belong here: stand-ins for our own code. What stands in for others
// (Discord, the browser) has folders below.
package testkit
