package web

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Bounds of a connection (SEC-66, REL-22).
const (
	readHeaders  = 5 * time.Second
	idleTimeout  = 120 * time.Second
	maxHeaders   = 64 << 10
	connsPerPeer = 128
)

// NewHTTPServer wraps a handler of this package in a server with its timeouts.
// Streams and downloads move their own write deadline. Errors of connections go
// to the logger.
func NewHTTPServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaders,
		IdleTimeout:       idleTimeout,
		WriteTimeout:      answerIn,
		MaxHeaderBytes:    maxHeaders,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// LimitPeers caps how many connections one address holds at once. A connection
// over the cap is closed at once. Trusted proxies are not counted: all their
// visitors come from one address.
func LimitPeers(l net.Listener, trusted []netip.Prefix) net.Listener {
	return &peerListener{Listener: l, trusted: trusted, most: connsPerPeer, open: map[string]int{}}
}

type peerListener struct {
	net.Listener
	trusted []netip.Prefix
	most    int

	mu   sync.Mutex
	open map[string]int
}

func (l *peerListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		who, counted := l.caller(conn)
		if !counted {
			return conn, nil
		}
		if l.enter(who) {
			return &countedConn{Conn: conn, leave: sync.OnceFunc(func() { l.leave(who) })}, nil
		}
		_ = conn.Close()
	}
}

// caller names whom a connection counts for.
func (l *peerListener) caller(conn net.Conn) (string, bool) {
	ap, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return "", false
	}
	addr := ap.Addr().Unmap().WithZone("")
	return network(addr), !contains(l.trusted, addr)
}

func (l *peerListener) enter(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[who] >= l.most {
		return false
	}
	l.open[who]++
	return true
}

func (l *peerListener) leave(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[who]--; l.open[who] == 0 {
		delete(l.open, who)
	}
}

type countedConn struct {
	net.Conn
	leave func()
}

// ReadFrom keeps the kernel's copy from file to socket within reach.
func (c *countedConn) ReadFrom(src io.Reader) (int64, error) { return io.Copy(c.Conn, src) }

func (c *countedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
