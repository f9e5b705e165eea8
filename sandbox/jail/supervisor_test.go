package jail

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

// supervise starts a supervisor and returns the other end of its socket, and
// what it says at its end.
func supervise(t *testing.T) (*os.File, <-chan error) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	config := Config{Runtime: testRuntime(), User: testUser, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}
	go func() { over <- Supervise(os.NewFile(uintptr(fds[0]), "supervisor"), config) }()
	return os.NewFile(uintptr(fds[1]), "supervised"), over
}

// supervised is a jail that asks a supervisor, and its one kernel.
func supervised(t *testing.T) (*kernel, *Supervisor, <-chan error) {
	t.Helper()
	socket, over := supervise(t)
	s, err := Reach(socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // after the jail's own end
	j := start(t, Config{Runtime: testRuntime(), User: testUser, Supervisor: s})
	return openOf(t, j, sandbox.Spec{}), s, over
}

// TestSupervisorTakesNoForeignProcess: only process 1 of a kernel that its own
// wall holds comes into its charge, whatever number it is told.
func TestSupervisorTakesNoForeignProcess(t *testing.T) {
	t.Parallel()
	k, s, _ := supervised(t)
	foreign := exec.Command("/bin/sleep", "600")
	uid, gid, err := lookUp(testUser)
	if err != nil {
		t.Fatal(err)
	}
	confine(foreign, uid, gid)
	if err := foreign.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = foreign.Process.Kill(); _ = foreign.Wait() })
	zygote, _ := strconv.Atoi(fields(readText(fmt.Sprintf("/proc/%d/status", k.pid)))["PPid"])
	other := openOf(t, start(t, Config{Runtime: testRuntime(), User: testUser}), sandbox.Spec{})
	for name, c := range map[string]struct {
		pid   int
		words string
	}{
		"root's own":            {os.Getpid(), "is not the jail user's"},
		"of the jail's user":    {foreign.Process.Pid, "is not the first of a kernel"},
		"the zygote":            {zygote, "is not the first of a kernel"},
		"another wall's":        {other.pid, "is not within the wall"},
		"nobody's":              {1 << 22, "no such process"},
		"the first of all":      {2, ""}, // a thread of the kernel's, or nobody
		"its own, as a control": {k.pid, "admitted"},
	} {
		_, err := s.ask(question{Do: "admit", Wall: 1, Kernel: uint64(1000 + c.pid), Pid: c.pid, Memory: 1 << 26, Pids: 10})
		if admitted := c.words == "admitted"; admitted != (err == nil) || !admitted && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, do := range []string{"kill", "interrupt", "freeze", "memory"} {
		if _, err := s.ask(question{Do: do, Kernel: 77, Pid: foreign.Process.Pid, Memory: 1}); err == nil || err.Error() != errRemoved.Error() {
			t.Errorf("%s of a process that it does not hold: %v", do, err)
		}
	}
	if err := foreign.Process.Signal(unix.Signal(0)); err != nil {
		t.Errorf("the foreign process: %v", err)
	}
}

// TestSupervisorOpensNothingElse: what is no file below the working folder is
// not opened, and a path that leads out by itself is the end.
func TestSupervisorOpensNothingElse(t *testing.T) {
	t.Parallel()
	k, s, over := supervised(t)
	result, _ := said(t, k, `import os
os.symlink("/etc/shadow", "link"); os.symlink("/", "top"); os.symlink("/proc/1/root", "magic"); os.mkfifo("fifo"); os.mkdir("folder")
open("plain", "w").write("mine")`)
	if result.Ending != sandbox.OK {
		t.Fatalf("%+v", result)
	}
	for _, path := range []string{"link", "top/etc/shadow", "magic/etc/shadow", "fifo", "folder", "missing", "folder/../link"} {
		if f, err := k.ward.open(path); err == nil {
			t.Errorf("%s was opened", f.Name())
		}
	}
	plain, err := k.ward.open("plain")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if how, err := unix.FcntlInt(plain.Fd(), unix.F_GETFL, 0); err != nil || how&unix.O_ACCMODE != unix.O_RDONLY {
		t.Errorf("the descriptor's mode is %o (%v)", how, err)
	}
	if _, err := k.ward.open("folder/../../etc/shadow"); !errors.Is(err, errUnsupervised) {
		t.Errorf("a path that leads out: %v", err)
	}
	if err := <-over; !errors.Is(err, errQuestion) {
		t.Errorf("the supervisor said %v", err)
	}
	<-s.Done()
}

// TestSupervisorEndsWhatNobodyHonestAsks: the connection, and so all.
func TestSupervisorEndsWhatNobodyHonestAsks(t *testing.T) {
	t.Parallel()
	null := make([]int, 3)
	for i := range null {
		null[i] = openNull(t)
	}
	for name, c := range map[string]struct {
		messages []string
		fds      []int
	}{
		"no JSON":           {[]string{"\x00\xff"}, nil},
		"two in one":        {[]string{`{"do":"leave"}{"do":"leave"}`}, nil},
		"a field more":      {[]string{`{"do":"leave","uid":0}`}, nil},
		"a wrong kind":      {[]string{`{"do":"admit","pid":"1"}`}, nil},
		"too long":          {[]string{`{"do":"` + strings.Repeat("x", messageMax) + `"}`}, nil},
		"a descriptor":      {[]string{`{"do":"leave"}`}, null[:1]},
		"more descriptors":  {[]string{`{"do":"launch"}`}, null},
		"no descriptors":    {[]string{`{"do":"launch"}`}, nil},
		"launch, no post":   {[]string{`{"do":"launch"}`}, null[:2]},
		"wait for nothing":  {[]string{`{"do":"wait"}`}, nil},
		"stop nothing":      {[]string{`{"do":"stop"}`}, nil},
		"admit, no post":    {[]string{`{"do":"admit","kernel":1,"pid":2,"memory":1,"pids":1}`}, nil},
		"a second post":     {[]string{`{"do":"post"}`, `{"do":"post"}`}, nil},
		"a process below 1": {[]string{`{"do":"post"}`, `{"do":"admit","kernel":1,"pid":-1,"memory":1,"pids":1}`}, nil},
		"memory below 0":    {[]string{`{"do":"post"}`, `{"do":"admit","kernel":1,"pid":2,"memory":-1,"pids":1}`}, nil},
		"a world of pids":   {[]string{`{"do":"post"}`, `{"do":"admit","kernel":1,"pid":2,"memory":1,"pids":9999999}`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			socket, over := supervise(t)
			defer socket.Close()
			for _, message := range c.messages {
				if err := unix.Sendmsg(int(socket.Fd()), []byte(message), unix.UnixRights(c.fds...), nil, 0); err != nil {
					t.Fatal(err)
				}
			}
			if err := <-over; !errors.Is(err, errQuestion) {
				t.Errorf("it said %v", err)
			}
		})
	}
}

// TestSupervisorDoesNothingUnknown, also for a kernel that it holds.
func TestSupervisorDoesNothingUnknown(t *testing.T) {
	t.Parallel()
	for _, q := range []question{{Do: "chown"}, {Do: "memory", Memory: -1}, {Do: "admit", Pid: 1}} {
		k, s, over := supervised(t)
		q.Kernel = k.id
		if _, err := s.ask(q); !errors.Is(err, errUnsupervised) {
			t.Errorf("%+v: %v", q, err)
		}
		if err := <-over; !errors.Is(err, errQuestion) {
			t.Errorf("%+v: it said %v", q, err)
		}
	}
}

// TestSupervisorLeavesNothing of a process that went without a word.
func TestSupervisorLeavesNothing(t *testing.T) {
	t.Parallel()
	k, s, over := supervised(t)
	handle, err := unix.PidfdOpen(k.pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(handle)
	var folders []string
	for line := range strings.Lines(readText(fmt.Sprintf("/proc/%d/cgroup", k.pid))) {
		if _, path, _ := strings.Cut(strings.TrimSpace(line), "/mayfly/"); path != "" {
			found, _ := filepath.Glob("/sys/fs/cgroup/*/mayfly/" + filepath.Dir(path))
			folders = append(folders, found...)
		}
	}
	if len(folders) == 0 {
		t.Fatal("the kernel is in no group of ours")
	}
	_ = s.Close()
	if err := <-over; err != nil {
		t.Errorf("the supervisor said %v", err)
	}
	if err := waitFor(handle, unix.POLLIN, time.Now().Add(5*time.Second)); err != nil {
		t.Errorf("the kernel's process has not ended: %v", err)
	}
	for _, folder := range folders {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", folder, err)
		}
	}
	if _, err := k.Exec(context.Background(), "1", &listener{}); err == nil {
		t.Error("code ran")
	}
}

// TestSurveyTravelsWhole, names that are no text too.
func TestSurveyTravelsWhole(t *testing.T) {
	t.Parallel()
	want := survey{
		nodes:  []node{{path: "a\xff\n.txt", mode: unix.S_IFREG | 0o600, names: true, stamp: stamp{7, 1 << 40, unix.Timespec{Sec: 5, Nsec: 6}}}},
		unseen: map[string]string{"deep": "too deep"},
	}
	file, err := want.file()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := surveyOf(file)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v (%v)", got, err)
	}
	if _, err := surveyOf(bytes.NewReader([]byte("{"))); err == nil {
		t.Error("half a survey was read")
	}
	use := spent{1, 2, 3, 4, 5, 6}
	text, _ := json.Marshal(answer{Spent: use.wire()})
	var a answer
	if err := json.Unmarshal(text, &a); err != nil || spentOf(a.Spent) != use {
		t.Errorf("%+v (%v)", a, err)
	}
}

func openNull(t *testing.T) int {
	t.Helper()
	fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}
