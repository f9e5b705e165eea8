package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Started as root, only a small process stays root's: it has no socket of the
// network and none of the database's. The server itself is mayfly's and can
// become nobody else.
func TestOnlyTheSupervisorStaysRoot(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	serving := serverOf(t, s)
	owner, err := user.Lookup("mayfly")
	if err != nil {
		t.Fatal(err)
	}
	status := statusOf(serving)
	four := func(id string) string { return strings.Join([]string{id, id, id, id}, "\t") }
	for name, want := range map[string]string{
		"Uid": four(owner.Uid), "Gid": four(owner.Gid), "Groups": "", "NoNewPrivs": "1",
		"CapPrm": noRights, "CapEff": noRights, "CapBnd": noRights, "CapAmb": noRights,
	} {
		if got := strings.TrimSpace(status[name]); got != want {
			t.Errorf("%s of the serving process is %q, want %q", name, got, want)
		}
	}
	if got := strings.Fields(statusOf(s.process.Pid)["Uid"]); got[0] != "0" {
		t.Errorf("the supervisor is uid %v", got)
	}
	// None of its sockets is TCP's; the one of Unix has the server behind it.
	tcp := inodes(t, 9, "/proc/net/tcp", "/proc/net/tcp6")
	if listening := socketsOf(t, serving); !slices.ContainsFunc(listening, func(inode string) bool { return tcp[inode] }) {
		t.Fatalf("the serving process has no TCP socket among %v", listening)
	}
	until(t, "the supervisor has one socket alone", func() (bool, string) { // another, while it starts the wall
		held := socketsOf(t, s.process.Pid)
		for _, inode := range held {
			if tcp[inode] {
				t.Errorf("the supervisor has the TCP socket %s", inode)
			}
		}
		return len(held) == 1, fmt.Sprint(held)
	})
	if peers := s.database(t, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename = 'mayfly'"); peers == "0" {
		t.Error("nobody is connected to the database")
	}
	for pid := range descendants(s.process.Pid) {
		if _, name := processAt(pid); name == "postgres" && strings.Fields(statusOf(pid)["Uid"])[0] != owner.Uid {
			t.Errorf("PostgreSQL's process %d is not mayfly's", pid)
		}
	}
	ada := signedIn(t, s, "Ada")
	_, page := ada.finish("import os\nopen('made.csv', 'w').write('a,b\\n1,2\\n')\nos.chmod('made.csv', 0o000)\nos.mkdir('deep', 0o700)\nopen('deep/b.txt', 'w').write('b')")
	files := filesOn(page)
	if len(files) != 2 {
		t.Fatalf("the run kept %v: %.2000s", files, page)
	}
	for _, id := range files {
		if got := ada.download(id); got.status != 200 || (got.body != "a,b\n1,2\n" && got.body != "b") {
			t.Errorf("file %s: %d %q", id, got.status, got.body)
		}
	}
	if n := ownedBy(t, filepath.Join(s.settings["DATA"], "blobs"), owner.Uid); n < 2 {
		t.Errorf("%d files on the disk", n)
	}
	if n := ownedBy(t, filepath.Join(s.settings["DATA"], "keys"), owner.Uid); n != 1 {
		t.Errorf("%d keys on the disk", n)
	}
}

const noRights = "0000000000000000"

// Either half may be killed: the other ends, and so does all that they started.
func TestNeitherHalfOutlivesTheOther(t *testing.T) {
	t.Parallel()
	for name, victim := range map[string]func(*testing.T, *server) int{
		"the supervisor": func(_ *testing.T, s *server) int { return s.process.Pid },
		"the server":     serverOf,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, nil)
			ada := signedIn(t, s, "Ada")
			path := ada.start("import time\nprint('working', flush=True)\ntime.sleep(50)")
			until(t, "the run says something", func() (bool, string) {
				page := ada.get(path).body
				return strings.Contains(page, "working</"), page
			})
			family := descendants(s.process.Pid)
			if len(family) < 4 {
				t.Fatalf("a server with PostgreSQL and a jail has more processes than %v", family)
			}
			if err := syscall.Kill(victim(t, s), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			<-s.ended
			awaitGone(t, family, 30*time.Second)
			if s.state.Success() {
				t.Error("it ended as if nothing had been")
			}
			s.process = nil // its end is told of
			if err := s.start(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A data folder of a time when root did everything is the server's after the
// start, and nothing else is: no link is followed, no second name given away.
func TestWhatRootLeftIsHandedOver(t *testing.T) {
	t.Parallel()
	s := stillborn(t, nil)
	data := s.settings["DATA"]
	outside := filepath.Join(s.folder, "outside")
	must(t, os.MkdirAll(filepath.Join(data, "blobs", "1", "ab"), 0o700), os.Mkdir(filepath.Join(data, "keys"), 0o700), os.Chmod(data, 0o711),
		os.WriteFile(outside, nil, 0o600),
		os.WriteFile(filepath.Join(data, "blobs", "1", "ab", "old"), []byte("x"), 0o600),
		os.WriteFile(filepath.Join(data, "keys", "secret"), []byte("bm90IDMyIGJ5dGVz"), 0o600),
		os.Symlink(outside, filepath.Join(data, "blobs", "link")), os.Link(outside, filepath.Join(data, "blobs", "second")))
	if got := s.run(t, nil, "cleanup"); got.code != 0 || got.out != "deleted 0 expired files\n" {
		t.Fatalf("%+v", got)
	}
	owner, _ := user.Lookup("mayfly")
	for path, want := range map[string]string{
		"blobs": owner.Uid, "blobs/1": owner.Uid, "blobs/1/ab/old": owner.Uid, "blobs/link": owner.Uid, "keys/secret": owner.Uid,
		"pg-run/lock": owner.Uid, "blobs/second": "0", "../outside": "0",
	} {
		if got := uidOf(t, filepath.Join(data, path)); got != want {
			t.Errorf("%s is of uid %s, want %s", path, got, want)
		}
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// serverOf is the process that serves: the one child of root's that is mayfly
// again.
func serverOf(t *testing.T, s *server) int {
	t.Helper()
	for pid := range descendants(s.process.Pid) {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if strings.HasSuffix(string(line), "\x00serve\x00--supervised\x00") {
			return pid
		}
	}
	t.Fatal("no process serves")
	return 0
}

func statusOf(pid int) map[string]string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	status := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		status[name] = strings.TrimSpace(value)
	}
	return status
}

// socketsOf are the inodes of a process's sockets.
func socketsOf(t *testing.T, pid int) (held []string) {
	t.Helper()
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(fds) == 0 {
		t.Fatalf("the descriptors of %d: %v", pid, err)
	}
	for _, fd := range fds {
		if to, _ := os.Readlink(fd); strings.HasPrefix(to, "socket:[") {
			held = append(held, strings.Trim(to, "socket:[]"))
		}
	}
	return held
}

// inodes are those in the column of the kernel's tables of sockets.
func inodes(t *testing.T, column int, tables ...string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, table := range tables {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if fields := strings.Fields(line); len(fields) > column {
				found[fields[column]] = true
			}
		}
	}
	return found
}

func uidOf(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Uid))
}

// ownedBy counts the files of a folder, all of which must be the user's.
func ownedBy(t *testing.T, folder, uid string) (files int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && uidOf(t, path) != uid {
			t.Errorf("%s is of uid %s", path, uidOf(t, path))
		}
		if err == nil && d.Type().IsRegular() {
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A second signal ends at once, whoever gets it: the supervisor passes both on.
func TestASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	ada := signedIn(t, s, "Ada")
	path := ada.start("import time\nprint('working', flush=True)\ntime.sleep(50)")
	until(t, "the run says something", func() (bool, string) {
		page := ada.get(path).body
		return strings.Contains(page, "working</"), page
	})
	family := descendants(s.process.Pid)
	must(t, s.process.Signal(os.Interrupt))
	until(t, "the door is closed", func() (bool, string) {
		conn, err := net.Dial("tcp", s.settings["LISTEN"])
		if err == nil {
			_ = conn.Close()
		}
		return err != nil, "it answers"
	})
	begun := time.Now()
	must(t, s.process.Signal(os.Interrupt))
	<-s.ended
	if took := time.Since(begun); took > 5*time.Second || s.state.ExitCode() != exitTrouble || !strings.Contains(s.log.String(), "ended at once, as asked") {
		t.Errorf("%s after %s: %s", s.state, took, s.log)
	}
	awaitGone(t, family, 10*time.Second)
	s.process = nil // its end is told of
}
