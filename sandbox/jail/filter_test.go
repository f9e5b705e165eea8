package jail

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// judge runs the filter as the kernel would on one call.
func judge(t *testing.T, machine *bpf.VM, id uint32, number uint32, args ...uint64) uint32 {
	t.Helper()
	data := make([]byte, 64) // struct seccomp_data; the library's VM reads big-endian
	binary.BigEndian.PutUint32(data[numberAt:], number)
	binary.BigEndian.PutUint32(data[archAt:], id)
	for i, arg := range args {
		binary.BigEndian.PutUint32(data[argsAt+8*i:], uint32(arg)) // the low half, where little-endian has it
	}
	verdict, err := machine.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(verdict)
}

func machine(t *testing.T) (*bpf.VM, *arch.Info) {
	t.Helper()
	info, err := arch.GetInfo("")
	if err != nil {
		t.Fatal(err)
	}
	vm, err := bpf.NewVM(rulesFor(info))
	if err != nil {
		t.Fatal(err)
	}
	return vm, info
}

func TestFilterVerdicts(t *testing.T) {
	t.Parallel()
	vm, info := machine(t)
	const sigchld = uint64(unix.SIGCHLD) // the low byte of clone's flags
	eperm, enosys, eafnosupport := errno(unix.EPERM), errno(unix.ENOSYS), errno(unix.EAFNOSUPPORT)
	for _, c := range []struct {
		call string
		args []uint64
		want uint32
	}{
		{"read", nil, allow},
		{"execve", nil, allow},
		{"unshare", nil, eperm},
		{"setns", nil, eperm},
		{"mount", nil, eperm},
		{"ptrace", nil, eperm},
		{"keyctl", nil, eperm},
		{"io_uring_setup", nil, eperm},
		{"bpf", nil, eperm},
		{"clone3", nil, enosys},
		{"clone", []uint64{sigchld}, allow},
		{"clone", []uint64{unix.CLONE_VM | unix.CLONE_THREAD}, allow},
		{"clone", []uint64{unix.CLONE_NEWUSER | sigchld}, eperm},
		{"clone", []uint64{unix.CLONE_NEWNET}, eperm},
		{"clone", []uint64{1<<40 | unix.CLONE_NEWNS}, eperm},
		{"socket", []uint64{unix.AF_UNIX, unix.SOCK_STREAM}, allow},
		{"socket", []uint64{unix.AF_INET, unix.SOCK_STREAM}, eafnosupport},
		{"socket", []uint64{unix.AF_NETLINK}, eafnosupport},
		{"socket", []uint64{unix.AF_VSOCK}, eafnosupport},
		{"socket", []uint64{1<<32 | unix.AF_INET}, eafnosupport},
		{"ioctl", []uint64{1, unix.TIOCGWINSZ}, allow},
		{"ioctl", []uint64{1, unix.TIOCSTI}, eperm},
		{"ioctl", []uint64{1, 1<<32 | unix.TIOCSTI}, eperm},
		{"ioctl", []uint64{1, 0x541C}, eperm},
		{"ioctl", []uint64{1, unix.TIOCSETD}, eperm},
		{"personality", []uint64{0}, allow},
		{"personality", []uint64{0xffffffff}, allow},
		{"personality", []uint64{0x0040000}, eperm}, // ADDR_NO_RANDOMIZE
		{"mmap", []uint64{0, 4096, 3, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS}, allow},
		{"mmap", []uint64{0, 4096, 3, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS | unix.MAP_HUGETLB}, eperm},
		{"memfd_create", []uint64{0, unix.MFD_CLOEXEC}, allow},
		{"memfd_create", []uint64{0, unix.MFD_HUGETLB}, eperm},
		{"sync", nil, eperm},
		{"syncfs", nil, eperm},
		{"fsync", []uint64{1}, errno(0)},
		{"fdatasync", []uint64{1}, errno(0)},
		{"msync", []uint64{0, 4096, unix.MS_SYNC}, errno(0)},
		{"msync", []uint64{0, 4096, unix.MS_SYNC | unix.MS_INVALIDATE}, errno(0)},
		{"msync", []uint64{0, 4096, unix.MS_ASYNC}, allow},
		{"fadvise64", []uint64{1, 0, 0, unix.FADV_DONTNEED}, errno(0)},
		{"fadvise64", []uint64{1, 0, 0, unix.FADV_SEQUENTIAL}, allow},
		{"cachestat", nil, enosys},
	} {
		number, known := info.SyscallNames[c.call]
		if !known {
			t.Fatalf("no call named %s here", c.call)
		}
		if got := judge(t, vm, uint32(info.ID), uint32(number), c.args...); got != c.want {
			t.Errorf("%s %x: verdict %#x, want %#x", c.call, c.args, got, c.want)
		}
	}
}

// TestFilterIsClosed: what is not named is refused, on every number there is.
func TestFilterIsClosed(t *testing.T) {
	t.Parallel()
	vm, info := machine(t)
	named := map[uint32]bool{}
	for _, name := range strings.Fields(allowed + " clone socket ioctl personality mmap memfd_create msync fadvise64") {
		if number, known := info.SyscallNames[name]; known {
			named[uint32(number)] = true
		}
	}
	for number := range uint32(1 << 12) {
		got := judge(t, vm, uint32(info.ID), number, 1<<28)
		if got == allow && !named[number] {
			t.Errorf("call %d is allowed and not named", number)
		}
	}
	if got := judge(t, vm, uint32(info.ID), x32|1); got != errno(unix.ENOSYS) {
		t.Errorf("an x32 number: verdict %#x", got)
	}
	if got := judge(t, vm, uint32(info.ID)^1, 0); got != uint32(unix.SECCOMP_RET_KILL_PROCESS) {
		t.Errorf("another architecture: verdict %#x", got)
	}
}

func TestFilterNamesOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for name := range strings.FieldsSeq(allowed + " " + denied + " clone clone3 socket ioctl personality mmap memfd_create msync fadvise64 fsync fdatasync") {
		if seen[name] {
			t.Errorf("%s is named twice", name)
		}
		seen[name] = true
	}
}
