// Package models is the book of record: the nouns of Mayfly, the rules that are
// true of them, the error codes, and the Store. GORM stops here.
//
// Words: a User is a Discord account; a Session a browser login; a Run one
// execution of one source, immutable once done but for its displays; a Notebook has Cells and a Kernel; an Output one numbered piece of
// what a run said; a File has a lifetime, a Version and a Category; a tombstone
// is what is left of a File that is gone; a hint says "look again".
//
// Invariants:
//   - every verb that reads or changes somebody's data takes the owner first
//     and puts it into the same statement; verbs without an owner are on System;
//   - expiry is a predicate by the database clock in that same statement, never
//     an event;
//   - a state edge is an UPDATE … WHERE state = from; no row means conflict;
//   - rows that change together change in one transaction, with the job that
//     follows from them and the hint about them.
//
// Does not belong here: bytes (storage), kernels (sandbox, runner), HTTP,
// Discord, schedules.
package models
