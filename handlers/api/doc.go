// Package api is the surface for programs: JSON under /api/v1, described by an
// OpenAPI document that comes from the types in here. Bots written in any
// language call it; client/python does.
//
// Words: an operation is one call of the table; a subject is the person whom a
// call is for; a wire struct is what goes over the network, and nothing else; a
// problem is a failure as a program reads it (RFC 9457) with a code that stays
// the same.
//
// Invariants:
//   - whom a call acts for comes from Store.Permit and from nothing else (SEC-23);
//   - ids are strings; only the user_id of a request may also be a number;
//   - a body is JSON that says each thing once, in valid UTF-8 without NUL, or
//     it is refused before it is looked at (SEC-16, SEC-26);
//   - no answer repeats what was sent: it may be somebody's code.
//
// Does not belong here: rules (models), what runs (runner), bytes (storage),
// checks that every request needs (web), pages (handlers).
package api
