package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientAddressSEC14(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		name, peer, forwarded string
		trusted               []netip.Prefix
		want                  string
	}{
		{"no proxy", "203.0.113.5:1", "", nil, "203.0.113.5"},
		{"a header from nobody we trust", "203.0.113.5:1", "198.51.100.1", proxies, "203.0.113.5"},
		{"no proxies configured", "10.0.0.1:1", "198.51.100.1", nil, "10.0.0.1"},
		{"behind our proxy", "10.0.0.1:1", "198.51.100.1", proxies, "198.51.100.1"},
		{"a forged hop in front", "10.0.0.1:1", "1.2.3.4, 198.51.100.1", proxies, "198.51.100.1"},
		{"two of our proxies", "10.0.0.1:1", "198.51.100.1, 10.0.0.2", proxies, "198.51.100.1"},
		{"garbage", "10.0.0.1:1", "unknown", proxies, "10.0.0.1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1", "198.51.100.1", proxies, "198.51.100.1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clientAddr(r, c.trusted).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if network(netip.MustParseAddr("2001:db8::1")) != network(netip.MustParseAddr("2001:db8::2")) {
		t.Error("two addresses of one /64 count as two callers")
	}
}

func TestFromThisMachineTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, peer, host, header string
		want                     bool
	}{
		{"loopback", "127.0.0.1:5", "localhost:8080", "", true},
		{"loopback, IPv6", "[::1]:5", "[::1]:8080", "", true},
		{"loopback by number", "127.0.0.1:5", "127.0.0.1:8080", "", true},
		{"another machine", "192.0.2.1:5", "localhost:8080", "", false},
		{"another host name", "127.0.0.1:5", "mayfly.example", "", false},
		{"a name that only begins like it", "127.0.0.1:5", "localhost.evil.example", "", false},
		{"Forwarded", "127.0.0.1:5", "localhost:8080", "Forwarded", false},
		{"X-Forwarded-For", "127.0.0.1:5", "localhost:8080", "X-Forwarded-For", false},
		{"X-Forwarded-Proto", "127.0.0.1:5", "localhost:8080", "X-Forwarded-Proto", false},
		{"X-Forwarded-Anything", "127.0.0.1:5", "localhost:8080", "X-Forwarded-Anything", false},
		{"Via", "127.0.0.1:5", "localhost:8080", "Via", false},
		{"X-Real-IP", "127.0.0.1:5", "localhost:8080", "X-Real-Ip", false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/login/local", nil)
		r.RemoteAddr, r.Host = c.peer, c.host
		if c.header != "" {
			r.Header.Set(c.header, "x")
		}
		if got := fromThisMachine(r); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
