package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"mayfly/models"
)

// contentSurface names the content origin in the log.
const contentSurface = "content"

// Bounds of one transfer (SEC-49, SEC-60).
const (
	transferMax = 10 * time.Minute
	maxRanges   = 10
)

var errBadRange = refuse(http.StatusRequestedRangeNotSatisfiable, "The file has no such part", "", "Ask for a part of it: Content-Range says how long it is.")

var errTooManyRanges = refuse(http.StatusRequestedRangeNotSatisfiable, "Too many ranges", "", "Ask for at most ten ranges at once.")

var errOtherFile = refuse(http.StatusPreconditionFailed, "The file is another", "", "Send the ETag that it has as If-Match, or none.")

// OpenFile opens a file for its owner, asking the database whether it still
// lives. It is storage's Vault.Open.
type OpenFile func(ctx context.Context, owner models.UserID, id models.FileID) (*models.File, io.ReadSeekCloser, error)

// ContentConfig is what the content origin is made from. All but
// TrustedProxies and Logger are required.
type ContentConfig struct {
	URL, AppURL *url.URL
	Links       *Links
	Open        OpenFile

	Output     OutputOf   // nil: no output is shown in a frame
	OpenShared OpenShared // nil: nothing is shared
	Plotly     string     // path of plotly.js, "" where there is none

	TrustedProxies []netip.Prefix
	Rates          Rates
	Logger         *slog.Logger
}

// OutputOf finds one output for whoever may see it. It is FindOutput of a Store.
type OutputOf func(ctx context.Context, ref OutputRef) (*models.Output, error)

// FindOutput finds outputs in the Store: for their owner, or through a share.
func FindOutput(s *models.Store) OutputOf {
	return func(ctx context.Context, ref OutputRef) (*models.Output, error) {
		switch {
		case ref.Share != "" && ref.Run != "":
			return s.SharedOutput(ctx, ref.Share, ref.Run, ref.Seq)
		case ref.Share != "":
			return s.SharedImport(ctx, ref.Share, ref.Cell, ref.Seq)
		case ref.Run != "":
			return s.Output(ctx, ref.Owner, ref.Run, ref.Seq)
		}
		return s.ImportedOutput(ctx, ref.Owner, ref.Cell, ref.Seq)
	}
}

// OpenShared opens a file that a share shows, by its FileID.Tail. It is storage's
// Vault.OpenShared.
type OpenShared func(ctx context.Context, share models.ShareID, tail string) (*models.File, io.ReadSeekCloser, error)

// Content serves user bytes on an origin of their own (SEC-52): signed links
// and nothing else. It reads and sets no cookie.
type Content struct {
	config  ContentConfig
	surface *surface
	limiter *limiter
	plotly  *library
}

// NewContent makes the content origin.
func NewContent(c ContentConfig) (*Content, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	limits, err := newLimiter(c.Rates)
	if err != nil {
		return nil, err
	}
	return &Content{config: c, limiter: limits, plotly: &library{path: c.Plotly}, surface: &surface{
		name: contentSurface, url: c.URL, headers: contentHeaders(c.AppURL, c.URL),
		proxies: c.TrustedProxies, logger: c.Logger, show: showPlain,
	}}, nil
}

// Handler returns the content origin's whole handler.
func (c *Content) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /f/{id}": c.serveFile, "GET /o/{run}/{seq}": c.serveOutput, "GET /i/{cell}/{seq}": c.serveOutput, "GET /scripts/{name}": c.plotly.serve,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			scopeOf(r).pattern = r.Pattern
			if err := serve(w, r); err != nil {
				Fail(w, r, err)
			}
		})
	}
	return c.surface.serve(nil, c.surface.knownHost(nil, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie") // unread: cookies ignore ports (SEC-14)
		dispatch(mux, w, r, Fail)
	})))
}

// serveFile checks the link, then the row, then sends bytes.
func (c *Content) serveFile(w http.ResponseWriter, r *http.Request) error {
	asked, err := c.config.Links.check(r)
	if err != nil {
		return err
	}
	if strings.Count(r.Header.Get("Range"), ",") >= maxRanges {
		return errTooManyRanges
	}
	if delay := c.limiter.wait(FileRate, asker(r, asked.owner)); delay > 0 {
		return tooOften(delay)
	}
	file, bytes, err := c.open(r.Context(), asked)
	if err != nil {
		return err
	}
	defer bytes.Close()
	sendFile(w, r, file, asked.disposition, bytes)
	return nil
}

func (c *Content) open(ctx context.Context, asked link) (*models.File, io.ReadSeekCloser, error) {
	switch {
	case asked.share == "":
		return c.config.Open(ctx, asked.owner, asked.file)
	case c.config.OpenShared == nil:
		return nil, nil, models.NotFound("file")
	}
	return c.config.OpenShared(ctx, asked.share, string(asked.file))
}

// asker is whose budget a request takes from: the owner's, or its address's where
// strangers look at what the owner shares.
func asker(r *http.Request, owner models.UserID) string {
	if owner != "" {
		return string(owner)
	}
	return network(ClientIP(r))
}

// SendFile answers a program with a file's bytes, ranges included, as something
// to be saved. A browser that comes here may do nothing with them (SEC-53).
func SendFile(w http.ResponseWriter, r *http.Request, file *models.File, bytes io.ReadSeeker) error {
	if strings.Count(r.Header.Get("Range"), ",") >= maxRanges {
		return errTooManyRanges
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	w.Header().Set(gzhttp.HeaderNoCompression, "1") // parts of what is compressed are no parts of the file
	whole := &unlessRefused{ResponseWriter: w}
	sendFile(whole, r, file, Attachment, bytes)
	return whole.why
}

// unlessRefused holds back the standard library's own words about a request that
// the file does not fit, so that they can be said as every failure is.
type unlessRefused struct {
	http.ResponseWriter
	why error
}

// WriteHeader writes every status but those.
func (u *unlessRefused) WriteHeader(status int) {
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		u.why = errBadRange
	case http.StatusPreconditionFailed:
		u.why = errOtherFile
	default:
		u.ResponseWriter.WriteHeader(status)
	}
}

// Write drops those words.
func (u *unlessRefused) Write(b []byte) (int, error) {
	if u.why != nil {
		return len(b), nil
	}
	return u.ResponseWriter.Write(b)
}

// ReadFrom keeps the kernel's copy from file to socket within reach.
func (u *unlessRefused) ReadFrom(src io.Reader) (int64, error) {
	return io.Copy(u.ResponseWriter, src)
}

// Unwrap lets http.ResponseController reach the connection.
func (u *unlessRefused) Unwrap() http.ResponseWriter { return u.ResponseWriter }

func sendFile(w http.ResponseWriter, r *http.Request, file *models.File, as Disposition, bytes io.ReadSeeker) {
	kind, disposition := serveAs(file, as)
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", contentDisposition(disposition, file.Name))
	if file.SHA256 != "" {
		header.Set("Etag", `"`+file.SHA256+`"`)
	}
	// A recorder in a test has no deadline to set; a connection always has.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(transferMax))
	http.ServeContent(w, r, "", time.Time{}, bytes)
}

// serveOutput checks the link, then the row, then shows one form of it: SVG as a
// picture, what holds script as a document for a frame.
func (c *Content) serveOutput(w http.ResponseWriter, r *http.Request) error {
	asked, err := c.config.Links.checkOutput(r)
	if err != nil {
		return err
	}
	if delay := c.limiter.wait(FileRate, asker(r, asked.Owner)); delay > 0 {
		return tooOften(delay)
	}
	if c.config.Output == nil {
		return models.NotFound("output")
	}
	output, err := c.config.Output(r.Context(), asked.OutputRef)
	if err != nil {
		return err
	}
	text := output.Bundle[asked.Media]
	if text == "" {
		return models.NotFound("output")
	}
	app, own := origin(c.config.AppURL), origin(c.config.URL)
	header := w.Header()
	switch asked.Media {
	case "image/svg+xml":
		header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'")
		send(w, r, "image/svg+xml", "inline", []byte(text))
	case "text/html":
		header.Set("Content-Security-Policy", framePolicy(app, ""))
		send(w, r, "text/html; charset=utf-8", "inline", htmlFrame(text))
	case "application/vnd.plotly.v1+json":
		c.plotly.load()
		if still := output.Bundle["image/png"]; c.plotly.name == "" && still != "" {
			header.Set("Content-Security-Policy", framePolicy(app, ""))
			send(w, r, "text/html; charset=utf-8", "inline", stillFrame(still))
			return nil
		}
		library := own + "/scripts/" + c.plotly.name
		header.Set("Content-Security-Policy", framePolicy(app, " "+library))
		send(w, r, "text/html; charset=utf-8", "inline", plotlyFrame(text, library))
	default:
		return models.NotFound("output")
	}
	return nil
}
