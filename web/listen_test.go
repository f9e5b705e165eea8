package web

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnectionCapPerPeerSEC66(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := LimitPeers(inner, nil).(*peerListener)
	limited.most = 2
	server := NewHTTPServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), slog.New(slog.DiscardHandler))
	served := make(chan error, 1)
	go func() { served <- server.Serve(limited) }()
	t.Cleanup(func() { _ = server.Close(); <-served })

	// ask opens a connection and uses it once; a connection over the cap ends.
	ask := func() (net.Conn, error) {
		conn, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return conn, err
		}
		_, err = http.ReadResponse(bufio.NewReader(conn), nil)
		return conn, err
	}
	first, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	second, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	third, err := ask()
	if err == nil {
		t.Fatal("a third connection was served")
	}
	third.Close()
	first.Close()
	for {
		// The server notices the closed connection in its own time.
		fourth, err := ask()
		fourth.Close()
		if err == nil {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("no connection after one was closed")
		}
	}
}

func TestTrustedProxyIsNotCountedSEC66(t *testing.T) {
	t.Parallel()
	l := &peerListener{trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	if _, counted := l.caller(addressed{ours, "127.0.0.1:5"}); counted {
		t.Error("the proxy counts")
	}
	if who, counted := l.caller(addressed{ours, "192.0.2.1:5"}); !counted || who != "192.0.2.1" {
		t.Errorf("a visitor: %q %v", who, counted)
	}
}

type addressed struct {
	net.Conn
	remote string
}

func (a addressed) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(a.remote))
}

func TestServerTimeoutsSEC66(t *testing.T) {
	t.Parallel()
	s := NewHTTPServer(nil, slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout != 5*time.Second || s.IdleTimeout != 120*time.Second || s.MaxHeaderBytes != 64<<10 || s.WriteTimeout <= 0 {
		t.Errorf("got %v %v %v %v", s.ReadHeaderTimeout, s.IdleTimeout, s.MaxHeaderBytes, s.WriteTimeout)
	}
}

// trickle gives one byte a second.
type trickle struct{ left int }

func (s *trickle) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	<-time.After(time.Second)
	s.left--
	p[0] = 'x'
	return 1, nil
}

func (*trickle) Close() error { return nil }

func TestTricklingBodyEndsREL22(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var got error
		handle := bounded(Route{}, func(_ http.ResponseWriter, r *http.Request) error {
			_, got = io.ReadAll(r.Body)
			return got
		})
		r, w := httptest.NewRequest("POST", "/", nil), httptest.NewRecorder()
		r.Body = &trickle{left: 1000}
		paced(w, r)
		err := handle(w, r)
		if !errors.Is(err, errTooSlow) || time.Since(start) > bodyGrace+2*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

// A body that stops is answered after its pause, and the connection is let go:
// the server must not wait for the rest.
func TestAStalledBodyEndsREL22(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		form := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := Form(r)
			Fail(w, r, err)
		})
		quiet := slog.New(slog.DiscardHandler)
		server := NewHTTPServer((&surface{logger: quiet}).serve(nil, form), quiet)
		here, there := net.Pipe()
		door := &onePeer{peer: make(chan net.Conn, 1)}
		door.peer <- there
		go func() { _ = server.Serve(door) }()
		start := time.Now()
		_, _ = io.WriteString(here, "POST / HTTP/1.1\r\nHost: localhost\r\n"+
			"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nco")
		_ = here.SetReadDeadline(start.Add(10 * bodyPause))
		answer, err := io.ReadAll(here)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || time.Since(start) > bodyPause+5*time.Second {
			t.Errorf("after %v: %q, %v", time.Since(start), answer, err)
		}
		_ = server.Close()
	})
}

// onePeer is a listener with the peers that it is given.
type onePeer struct {
	peer chan net.Conn
	once sync.Once
}

func (l *onePeer) Accept() (net.Conn, error) {
	if conn, open := <-l.peer; open {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (l *onePeer) Close() error {
	l.once.Do(func() { close(l.peer) })
	return nil
}

func (l *onePeer) Addr() net.Addr { return &net.TCPAddr{} }

// A refusal must not wait for a body that may never come, and what comes late
// must not be taken for the next request.
func TestABodyThatNobodyReadsIsNotWaitedForREL22(t *testing.T) {
	t.Parallel()
	app := testApp(t, testConfig(t), append(testRoutes(), Route{Method: "POST", Pattern: "/mine", Audience: Session, Handle: say("mine")}))
	server := httptest.NewUnstartedServer(app)
	server.Config = NewHTTPServer(app, slog.New(slog.DiscardHandler))
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(conn, "POST /mine HTTP/1.1\r\nHost: localhost:8080\r\nOrigin: "+appURL+"\r\nContent-Length: 1000\r\n\r\nx")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer while the body is on its way: %v", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized || !resp.Close {
		t.Errorf("%d, and the connection closes: %v", resp.StatusCode, resp.Close)
	}
}

func TestSteadyBodyPasses(t *testing.T) {
	t.Parallel()
	handle := bounded(Route{Body: 1 << 20}, func(_ http.ResponseWriter, r *http.Request) error {
		n, err := io.Copy(io.Discard, r.Body)
		if n != 1<<20 {
			t.Errorf("read %d bytes", n)
		}
		return err
	})
	if err := handle(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", 1<<20)))); err != nil {
		t.Error(err)
	}
}
