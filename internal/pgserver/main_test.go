package pgserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/pgserver"
)

// starterOf names the data folder for a copy of this program that only starts
// the server there: something to kill.
const starterOf = "PGSERVER_TEST_STARTER_OF"

func TestMain(m *testing.M) {
	if data := os.Getenv(starterOf); data != "" {
		os.Exit(starter(data))
	}
	os.Exit(m.Run())
}

func starter(data string) int {
	s, err := pgserver.Start(context.Background(), pgserver.Config{Data: data})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ready", s.URL())
	_, _ = io.Copy(io.Discard, os.Stdin) // until told to stop
	if err := s.Stop(); err != nil {
		return 1
	}
	return 0
}

// startElsewhere runs a starter in a process of its own, as the named user when
// we are root, and returns it once the server is ready.
func startElsewhere(t *testing.T, data, as string) (process *exec.Cmd, stop io.Closer) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{starterOf + "=" + data}
	cmd.Dir = "/"
	if as != "" && os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credentialOf(t, as)}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line[:5] != "ready" {
		t.Fatalf("the starter said %q: %v", line, err)
	}
	return cmd, in
}

func credentialOf(t *testing.T, name string) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatalf("make setup makes the user %s: %v", name, err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// dataFolder is a new folder that the user mayfly can enter, which t.TempDir's
// are not.
func dataFolder(t *testing.T) pgserver.Config {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pg-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return pgserver.Config{Data: filepath.Join(dir, "data")}
}

// start runs a server that ends with the test.
func start(t *testing.T, c pgserver.Config) *pgserver.Server {
	t.Helper()
	s, err := pgserver.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask runs statements and returns the last one's first value as text.
func ask(t *testing.T, url string, statements ...string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, sql := range statements[:len(statements)-1] {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	var answer string
	if err := conn.QueryRow(t.Context(), statements[len(statements)-1]).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", statements[len(statements)-1], err)
	}
	return answer
}
