package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
)

// Secret is a setting that never shows itself: printing, logging and JSON give
// "(set)" or "(unset)". Reveal is the only way to its value.
type Secret struct{ value string }

// Reveal returns the secret itself. Never pass the result to a log or error.
func (s Secret) Reveal() string { return s.value }

// Set reports whether there is a value.
func (s Secret) Set() bool { return s.value != "" }

// String hides the value.
func (s Secret) String() string {
	if s.Set() {
		return "(set)"
	}
	return "(unset)"
}

// GoString hides the value from %#v too.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// UnmarshalText takes the value as it stands, less surrounding white space,
// which a file often ends with.
func (s *Secret) UnmarshalText(text []byte) error {
	s.value = strings.TrimSpace(string(text))
	return nil
}

// Bytes is a size. MB and GB are decimal, MiB and GiB binary; a bare number is
// bytes.
type Bytes int64

// UnmarshalText parses "50MB", "512MiB" or "1048576".
func (b *Bytes) UnmarshalText(text []byte) error {
	n, err := humanize.ParseBytes(string(text))
	if err != nil || n > 1<<62 {
		return fmt.Errorf("%q is not a size like 50MB or 512MiB", text)
	}
	*b = Bytes(n)
	return nil
}

// Percent is a share from 0 to 100.
type Percent float64

// UnmarshalText parses "10%".
func (p *Percent) UnmarshalText(text []byte) error {
	f, err := strconv.ParseFloat(strings.TrimSuffix(string(text), "%"), 64)
	if err != nil || f < 0 || f > 100 {
		return fmt.Errorf("%q is not a share like 10%%", text)
	}
	*p = Percent(f)
	return nil
}

// UnmarshalText parses an absolute http or https address. A path is refused,
// because cookies and links are made for the whole host.
func (u *URL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(strings.TrimSuffix(string(text), "/"))
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return fmt.Errorf("%q is not an address like https://mayfly.example", text)
	}
	if parsed.Path != "" || parsed.RawQuery != "" || parsed.User != nil {
		return fmt.Errorf("%q must be scheme, host and port alone", text)
	}
	u.URL = *parsed
	return nil
}

// Loopback reports whether the host is this machine by name or number.
func (u URL) Loopback() bool { return loopbackHost(u.Hostname()) }

func loopbackListen(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	return err == nil && loopbackHost(host)
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
