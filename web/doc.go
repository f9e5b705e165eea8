// Package web is the HTTP toolkit under the handlers: the server and its chain
// of checks, sign-in through Discord, browser sessions, pages and failures,
// event streams, and the content origin that serves user bytes.
//
// Words: a Route is one row of the route table and declares its Audience; the
// app is the origin of MAYFLY_URL, the content origin that of
// MAYFLY_CONTENT_URL; a Problem is a failure as a person reads it; a Link is a
// short signed address on the content origin; a sign-in is one walk through
// Discord and back.
//
// Invariants:
//   - every response, errors and redirects too, carries the security headers;
//   - a route without an audience does not start;
//   - identity comes from the session row and from nothing else: never from a
//     header, never from a name;
//   - nothing secret is logged: no cookie, code, state, query or body;
//   - an anonymous visit writes no row and sets no lasting cookie.
//
// Does not belong here: what a page says (views), what a request does
// (handlers), and any rule about runs or files (models, runner, storage).
package web
