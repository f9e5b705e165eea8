package sandboxtest

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// bait is what lies about on the host for an attack to find: a secret in the
// server's environment, a file that all may read, and listeners that all may
// call. Each would give away the token.
type bait struct {
	token   string
	touched atomic.Int64
	facts   map[string]any // what programs are told: where to look, never the token
}

func layBait(t *testing.T) *bait {
	t.Helper()
	b := &bait{token: rand.Text()}
	// Not t.TempDir(): others than root must be able to reach it.
	dir, err := os.MkdirTemp("", "mayfly-bait-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	file, door := filepath.Join(dir, "secret.txt"), filepath.Join(dir, "door")
	abstract := "mayfly-bait-" + rand.Text()
	if err := os.WriteFile(file, []byte(b.token), 0o644); err != nil { //nolint:gosec // it is bait
		t.Fatal(err)
	}
	port := b.listen(t, "tcp", "127.0.0.1:0").(*net.TCPAddr).Port
	b.listen(t, "unix", door)
	b.listen(t, "unix", "@"+abstract)
	for path, mode := range map[string]os.FileMode{dir: 0o755, door: 0o777} {
		if err := os.Chmod(path, mode); err != nil { //nolint:gosec // it is bait
			t.Fatal(err)
		}
	}
	b.facts = map[string]any{"file": file, "dir": dir, "door": door, "abstract": abstract, "port": port, "pid": os.Getpid()}
	return b
}

// listen counts and answers every caller until the test ends.
func (b *bait) listen(t *testing.T, network, address string) net.Addr {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b.touched.Add(1)
			_, _ = io.WriteString(conn, b.token)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-over
	})
	return l.Addr()
}

// prelude is what every program begins with: the words it reports in, and
// where the bait lies.
func (b *bait) prelude() string {
	facts, err := json.Marshal(b.facts) // of strings and numbers alone: a Python literal too
	if err != nil {
		panic(err)
	}
	text, err := programs.ReadFile("testdata/prelude.py")
	if err != nil {
		panic(err)
	}
	return string(text) + "BAIT = " + string(facts) + "\n"
}
