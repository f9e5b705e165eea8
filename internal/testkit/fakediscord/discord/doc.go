// Package discord stands in for Discord in tests and on a machine without a
// Discord application. It serves OAuth after Discord's documents: the consent
// page, the token endpoint with PKCE, token revocation, and the two user routes
// that a sign-in reads. For a bot it serves a channel, its messages with their
// files, and the CDN that the files lie on.
//
// Words: a Person is an account that may sign in; a Guild is a server a person
// belongs to; a grant is what one consent gave, from its code to its tokens; a
// File is an attachment, which is on the CDN under a signed link.
//
// Invariants: a code works once, for one client, one redirect address and one
// verifier; wrong requests get the status and body that Discord gives. Nothing
// outside tests imports this package.
//
// Does not belong here: anything that Discord itself would not do.
package discord
