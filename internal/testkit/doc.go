// Package testkit gives tests the real things: a PostgreSQL cluster with a
// database of its own for each test, one that can go away, stores on it, and
// disks that are small enough to be filled. Only tests import it.
//
// Words: the template is a database that has every migration; a clone of it
// takes 40 ms, so every test has its own and all run in parallel; an Outage is a
// cluster of one test's own.
//
// Whole nodes are in the folder node, a real browser in browser, and what stands
// in for Discord in fakediscord.
//
// Does not belong here: stand-ins for our own code.
package testkit
