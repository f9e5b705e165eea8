package jail

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"mayfly/sandbox/python"
)

// Stone is one thing of this machine that the wall is built of.
type Stone struct {
	Name   string
	Detail string // what is there
	Err    error  // why it is missing, and what to do
}

// Stones looks for everything a jail needs before it is built; the self-test
// then proves that the whole holds.
func Stones(c Config) []Stone {
	var all []Stone
	for _, look := range []struct {
		name string
		do   func(Config) (string, error)
	}{
		{"root", findRoot}, {"kernel", findKernel}, {"jail user", findUser}, {"cgroups", findCgroups},
		{"bubblewrap", findBubblewrap}, {"runtime", findRuntime},
	} {
		detail, err := look.do(c)
		all = append(all, Stone{look.name, detail, err})
	}
	return all
}

func findRoot(c Config) (string, error) {
	if os.Geteuid() != 0 {
		return "", errors.New("not started as root: the jail needs a second user and cgroups; start Mayfly as root, it runs user code as " + c.User)
	}
	return "started as root; user code runs as " + c.User, nil
}

// findKernel asks for the newest system call that the wall uses: mount_setattr
// (Linux 5.12). The older ones, openat2 and pidfd, are there with it.
func findKernel(Config) (string, error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "", fmt.Errorf("uname: %w", err)
	}
	release := unix.ByteSliceToString(name.Release[:])
	if err := unix.MountSetattr(-1, "", 0, &unix.MountAttr{}); errors.Is(err, unix.ENOSYS) {
		return "", fmt.Errorf("the kernel, Linux %s, is too old: the jail needs 5.12 or newer", release)
	}
	if most := readText("/proc/sys/user/max_user_namespaces"); most == "0" {
		return "", errors.New("user namespaces are turned off: sysctl user.max_user_namespaces=10000")
	}
	return "Linux " + release, nil
}

func findUser(c Config) (string, error) {
	uid, _, err := lookUp(c.User)
	return fmt.Sprintf("%s is uid %d", c.User, uid), err
}

func findCgroups(Config) (string, error) {
	version, _, err := findHierarchy()
	return fmt.Sprintf("version %d", version), err
}

func findBubblewrap(Config) (string, error) {
	path, err := exec.LookPath("bwrap")
	if err != nil {
		return "", errors.New("bubblewrap is not installed: run make setup")
	}
	said, err := exec.Command(path, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s does not start: %w", path, err)
	}
	return strings.TrimSpace(string(said)), nil
}

func findRuntime(c Config) (string, error) {
	interpreter := filepath.Join(c.Runtime, "bin", "python")
	if _, err := os.Stat(interpreter); err != nil {
		return "", fmt.Errorf("no Python runtime in %s: run make setup", c.Runtime)
	}
	if _, err := os.Stat(filepath.Join(c.Runtime, python.Nursery())); err != nil {
		return "", fmt.Errorf("the compiled fork loop in %s is missing or of another version of Mayfly: run make setup again", c.Runtime)
	}
	uid, gid, err := lookUp(c.User)
	if err != nil || os.Geteuid() != 0 {
		return c.Runtime, nil // told of already
	}
	try := exec.Command(interpreter, "-I", "-c", "")
	confine(try, uid, gid)
	if err := try.Run(); err != nil {
		return "", fmt.Errorf("%s cannot start %s (%w): set MAYFLY_RUNTIME to a folder that everybody may enter and read, and run make setup", c.User, interpreter, err)
	}
	return c.Runtime, nil
}
