package jail

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"mayfly/models"
	"mayfly/sandbox/python"
)

// wall is the outer bubblewrap wall as a command that waits to be started, and
// the descriptors it takes along.
type wall struct {
	cmd   *exec.Cmd
	files []*os.File
}

// environment is all that the zygote and every kernel see. The first block
// keeps libraries from starting threads before the fork (sandbox.md §8).
func environment() [][2]string {
	return [][2]string{
		{"OMP_NUM_THREADS", "1"}, {"OPENBLAS_NUM_THREADS", "1"}, {"MKL_NUM_THREADS", "1"},
		{"NUMEXPR_NUM_THREADS", "1"}, {"NUMEXPR_MAX_THREADS", "1"}, {"BLOSC_NTHREADS", "1"}, {"LOKY_MAX_CPU_COUNT", "1"},
		{"JE_ARROW_MALLOC_CONF", "background_thread:false"}, {"_RJEM_MALLOC_CONF", "background_thread:false"},

		{"PATH", "/opt/python/bin:/usr/bin:/bin"}, {"HOME", "/w"}, {"USER", "mayfly"}, {"LANG", "C.UTF-8"}, {"TZ", "UTC"},
		{"TMPDIR", "/tmp"}, {"XDG_CACHE_HOME", "/tmp/.cache"}, {"XDG_CONFIG_HOME", "/tmp/.config"},
		{"IPYTHONDIR", "/tmp/.ipython"}, {"MPLCONFIGDIR", "/tmp/.matplotlib"},
		{"MPLBACKEND", "module://mayfly.backend"}, {"PLOTLY_RENDERER", "plotly_mimetype"},
		{"PYTHONDONTWRITEBYTECODE", "1"}, {"PYTHONUNBUFFERED", "1"},
	}
}

// etc are the files of /etc that the jail makes up itself; nothing of the
// host's accounts or network shows.
func etc() map[string]string {
	return map[string]string{
		"/etc/passwd":        "root:x:0:0::/:/usr/sbin/nologin\nmayfly:x:1000:1000::/w:/bin/sh\n",
		"/etc/group":         "root:x:0:\nmayfly:x:1000:\n",
		"/etc/hosts":         "127.0.0.1 localhost\n",
		"/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
	}
}

// buildWall writes the command. runtime is the Python folder on this machine;
// inside it is always /opt/python, so that no host path shows.
func buildWall(runtime string, control *os.File, filter []byte) (*wall, error) {
	w := &wall{files: []*os.File{control}} // descriptor 3 inside
	args := []string{
		"--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup",
		"--uid", "0", "--gid", "0", "--hostname", "mayfly", "--die-with-parent", "--new-session", "--clearenv",
		"--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP", "--cap-add", "CAP_SETFCAP",
		"--ro-bind", "/usr", "/usr", "--tmpfs", "/usr/local",
		"--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
		"--ro-bind", runtime, "/opt/python",
		"--ro-bind", filepath.Join(runtime, python.Nursery()), "/opt/guest/mayfly/nursery.so",
		"--dir", "/w", "--dir", "/inputs", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp", "--proc", "/proc",
		"--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/proc/self/fd/0", "/dev/stdin",
		"--symlink", "/proc/self/fd/1", "/dev/stdout", "--symlink", "/proc/self/fd/2", "/dev/stderr",
	}
	for _, device := range []string{"null", "zero", "full", "random", "urandom"} {
		args = append(args, "--dev-bind", "/dev/"+device, "/dev/"+device)
	}
	for _, path := range []string{"/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/matplotlibrc", "/etc/mime.types", "/var/cache/fontconfig"} {
		args = append(args, "--ro-bind-try", path, path)
	}
	for _, pair := range environment() {
		args = append(args, "--setenv", pair[0], pair[1])
	}
	contents, err := w.contents(filter)
	if err != nil {
		w.close()
		return nil, err
	}
	args = append(append(args, contents...), "--remount-ro", "/", "--chdir", "/",
		"/opt/python/bin/python", "-I", "-c",
		"import sys; sys.path.insert(0, '/opt/guest'); from mayfly import zygote; zygote.main()")
	w.cmd = exec.Command("bwrap", args...)
	w.cmd.ExtraFiles = w.files
	return w, nil
}

// contents are the files that we bring ourselves: they travel as descriptors,
// so that no folder of the host has to hold them.
func (w *wall) contents(filter []byte) ([]string, error) {
	loaders, err := models.GuestLoaders()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"/opt/guest/filter": filter, "/opt/guest/loaders.json": loaders}
	for path, text := range etc() {
		files[path] = []byte(text)
	}
	names, err := fs.Glob(python.Files, "*.py")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		content, err := python.Files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files["/opt/guest/mayfly/"+name] = content
	}
	var args []string
	for path, content := range files {
		file, err := inMemory(filepath.Base(path), content)
		if err != nil {
			return nil, err
		}
		w.files = append(w.files, file)
		args = append(args, "--perms", "0444", "--file", strconv.Itoa(len(w.files)+2), path)
	}
	return args, nil
}

func (w *wall) close() {
	for _, f := range w.files {
		_ = f.Close()
	}
}

// inMemory returns a file of no folder, ready to be read from its start.
func inMemory(name string, content []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd: %w", err)
	}
	f := os.NewFile(uintptr(fd), name)
	if _, err := f.WriteAt(content, 0); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("memfd: %w", err)
	}
	return f, nil
}
