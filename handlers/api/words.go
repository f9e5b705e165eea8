package api

import "mayfly/web"

// words are what programs are told of a code where the pages speak of pages.
type words struct{ title, next string }

// inPrograms gives a failure the words for whoever writes a program: nobody is
// signed in there, and there is no start to go back to.
func inPrograms(p web.Problem) web.Problem {
	own, found := map[string]words{
		"unauthenticated":    {"No token that works", "Send the header Authorization: Bearer with a token from /settings or mayfly token create."},
		"forbidden":          {"That is not allowed", "Use a token that may do it, or ask whoever runs this Mayfly."},
		"not_found":          {"There is nothing here", "Check the id, and whom the call is for."},
		"gone":               {"This is gone", "Make it anew: run the code or upload the file again."},
		"conflict":           {"It is in another state", "Ask for it as it is now, then decide."},
		"method_not_allowed": {"That does not work here", "Use a method that Allow names. The calls are listed at /docs/api."},
		"busy":               {"Mayfly is busy", "Send it again after Retry-After, with the same Idempotency-Key."},
		"unavailable":        {"Mayfly is busy", "Send it again after Retry-After, with the same Idempotency-Key."},
		"internal":           {"Something broke on our side", "Send it again with the same Idempotency-Key. If it stays, give the request_id to whoever runs this Mayfly."},
	}[p.Code]
	if found {
		p.Title, p.Next = own.title, own.next
	}
	return p
}
