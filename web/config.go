package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"mayfly/models"
)

// Config is what a Server is made from. URL, ContentURL, Secret, Store and
// Pages are required.
type Config struct {
	URL        *url.URL // MAYFLY_URL: scheme and host only
	ContentURL *url.URL // MAYFLY_CONTENT_URL: scheme and host only

	Secret    []byte // MAYFLY_SECRET, at least 32 bytes
	SecretOld []byte // MAYFLY_SECRET_OLD: still accepted, never used for new values

	Store      *models.Store
	SessionMax time.Duration // absolute life of a session; 0 means 30 days (SEC-5)

	Discord     *Discord  // nil: sign-in through Discord is off
	Admission   Admission // who may come in; the zero value lets everybody in
	LocalSignIn bool      // true only in development without any Discord setting

	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts
	Rates          Rates          // zero fields take the defaults of SEC-17
	Streams        StreamLimits   // zero fields take the defaults of SEC-20
	Pages          Pages
	Logger         *slog.Logger // nil: slog.Default()
}

// Pages are the views that this package needs.
type Pages struct {
	Problem func(Problem) templ.Component // a whole page
	Toast   func(Problem) templ.Component // the same for an htmx request
	JSON    func(Problem) []byte          // the same for a program: application/problem+json
}

// check reports every fault of the configuration at once.
func (c Config) check() error {
	var faults []error
	for name, u := range map[string]*url.URL{"URL": c.URL, "ContentURL": c.ContentURL} {
		if u == nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || (u.Path != "" && u.Path != "/") {
			faults = append(faults, fmt.Errorf("%s must be http(s)://host without a path", name))
		}
	}
	if len(faults) == 0 && c.URL.Hostname() == c.ContentURL.Hostname() {
		faults = append(faults, errors.New("URL and ContentURL need different host names: cookies know no ports"))
	}
	if c.Store == nil {
		faults = append(faults, errors.New("a store is required"))
	}
	if c.Pages.Problem == nil || c.Pages.Toast == nil || c.Pages.JSON == nil {
		faults = append(faults, errors.New("the problem page, toast and document are required"))
	}
	if c.LocalSignIn && c.Discord != nil {
		faults = append(faults, errors.New("local sign-in and Discord exclude each other"))
	}
	return errors.Join(faults...)
}

// origin is scheme://host of an address, as browsers write it in Origin.
func origin(u *url.URL) string { return u.Scheme + "://" + hostPort(u) }

// hostPort is the address's host as a browser sends it: without the scheme's
// own port.
func hostPort(u *url.URL) string {
	if (u.Scheme == "http" && u.Port() == "80") || (u.Scheme == "https" && u.Port() == "443") {
		return u.Hostname()
	}
	return u.Host
}
