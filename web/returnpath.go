package web

import (
	"net/url"
	"strings"
)

const home = "/"

// ReturnPath returns path when it leads to a page of this app, else "/". It is
// the only check of where a visitor is sent (SEC-9): one leading slash, and
// after one decoding no second slash or backslash at its side, no backslash, no
// control character and no scheme or host.
func ReturnPath(path string) string {
	if len(path) > 2000 {
		return home
	}
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return home
	}
	for _, p := range []string{path, decoded} {
		if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.Contains(p, `\`) ||
			strings.ContainsFunc(p, isControl) {
			return home
		}
	}
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return home
	}
	return path
}

func isControl(r rune) bool {
	return r < ' ' || (r >= 0x7f && r < 0xa0) || r == '\u2028' || r == '\u2029'
}
