package web

import "testing"

func TestReturnPathSEC9(t *testing.T) {
	t.Parallel()
	stay := []string{
		"/", "/files", "/runs/abc123", "/files?q=a%20b&page=2", "/files?next=https://elsewhere.example/", "/a//b",
		"/notebooks/7#cell-3", "/%E2%9C%93",
	}
	for _, path := range stay {
		if got := ReturnPath(path); got != path {
			t.Errorf("ReturnPath(%q) = %q, want it kept", path, got)
		}
	}
	leave := []string{
		"", "files", "//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, `/\/evil.example`,
		"https://evil.example/", "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x", "/%2Fevil.example",
		"/%2f%2fevil.example", "/%5Cevil.example", "/files%5c..", "/fi\tles", "/\n/evil.example", "/%09/evil.example",
		"/%0d%0aSet-Cookie:x=1", "/%00", "/%", "/%zz", "/a\u2028b", " /files", "http:/evil.example", "/" + string(make([]byte, 3000)),
	}
	for _, path := range leave {
		if got := ReturnPath(path); got != "/" {
			t.Errorf("ReturnPath(%q) = %q, want /", path, got)
		}
	}
}
