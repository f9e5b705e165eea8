package jail

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// The offsets of struct seccomp_data (linux/seccomp.h), which a filter reads.
const (
	numberAt = 0
	archAt   = 4
	argsAt   = 16
)

// denied answers EPERM: the dangerous calls by name, so that a program is told
// plainly; sync among them, as it flushes every disk of the host. Every call
// that is in neither list answers ENOSYS.
const denied = `acct add_key adjtimex bpf chroot clock_adjtime clock_settime create_module delete_module
	fanotify_init fanotify_mark finit_module fsconfig fsmount fsopen fspick get_mempolicy init_module inotify_add_watch
	inotify_init inotify_init1 inotify_rm_watch io_pgetevents io_setup io_submit io_uring_enter io_uring_register
	io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl landlock_add_rule landlock_create_ruleset
	landlock_restrict_self lookup_dcookie mbind memfd_secret migrate_pages mount mount_setattr move_mount move_pages
	mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
	name_to_handle_at nfsservctl open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root process_madvise
	process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot request_key semctl semget semop semtimedop
	set_mempolicy set_mempolicy_home_node setdomainname sethostname setns settimeofday setxattr fsetxattr lsetxattr
	shmat shmctl shmdt shmget splice swapoff swapon sync syncfs sysfs syslog tee umount2 unshare uselib userfaultfd vhangup
	vmsplice _sysctl`

// allowed is what Python, its libraries and the programs it starts need. An
// architecture that lacks one of the older names does without.
const allowed = `_exit accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown clock_getres
	clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
	epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit
	exit_group faccessat faccessat2 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl
	fgetxattr flistxattr flock fork fremovexattr fstat fstatfs ftruncate futex futex_requeue futex_wait futex_waitv
	futex_wake futimesat get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid geteuid getgid
	getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit
	getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr io_cancel io_destroy io_getevents
	ioprio_get ioprio_set kill lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek lstat madvise
	map_shadow_stack membarrier mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall
	modify_ldt mprotect mremap mseal munlock munlockall munmap nanosleep newfstatat open openat openat2 pause
	pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl pread64 preadv preadv2
	prlimit64 process_mrelease pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom
	recvmmsg recvmsg remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction
	rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
	sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
	sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield select sendfile
	sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups setitimer
	setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid shutdown sigaltstack
	signalfd signalfd4 socketpair stat statfs statx symlink symlinkat sync_file_range sysinfo tgkill time
	timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime
	times tkill truncate umask uname unlink unlinkat ustat utime utimensat utimes vfork wait4 waitid write writev`

// namespaces are the clone flags that make a new one (clone(2)): NEWTIME,
// NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
const namespaces = 0x80 | unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC |
	unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET

// x32 marks the numbers of the x32 interface on x86-64 (asm/unistd.h).
const x32 = 0x40000000

const allow = uint32(unix.SECCOMP_RET_ALLOW)

func errno(e unix.Errno) uint32 { return uint32(unix.SECCOMP_RET_ERRNO) | uint32(e) }

// assembleFilter returns the seccomp program as the bytes of struct
// sock_filter, for this machine's architecture. Each rule stands alone, a
// comparison and its verdict: nothing falls through with an argument where the
// call's number should be.
func assembleFilter() ([]byte, error) {
	info, err := arch.GetInfo("")
	if err != nil {
		return nil, fmt.Errorf("system call filter: %w", err)
	}
	return encode(rulesFor(info))
}

func rulesFor(info *arch.Info) []bpf.Instruction {
	rules := []bpf.Instruction{
		bpf.LoadAbsolute{Off: archAt, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(info.ID), SkipTrue: 1},
		bpf.RetConstant{Val: uint32(unix.SECCOMP_RET_KILL_PROCESS)},
		bpf.LoadAbsolute{Off: numberAt, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: x32, SkipTrue: 1},
		bpf.RetConstant{Val: errno(unix.ENOSYS)},
	}
	for name := range strings.FieldsSeq(allowed) {
		rules = append(rules, always(info, name, allow)...)
	}
	rules = append(rules, conditional(info)...)
	for name := range strings.FieldsSeq(denied) {
		rules = append(rules, always(info, name, errno(unix.EPERM))...)
	}
	return append(rules, bpf.RetConstant{Val: errno(unix.ENOSYS)})
}

// always judges a call whatever its arguments are.
func always(info *arch.Info, name string, verdict uint32) []bpf.Instruction {
	number, known := info.SyscallNames[name]
	if !known {
		return nil
	}
	return []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(number), SkipFalse: 1},
		bpf.RetConstant{Val: verdict},
	}
}

// conditional judges the calls whose arguments matter. clone3 hides its flags
// in memory, so it does not exist here, and libc falls back to clone.
func conditional(info *arch.Info) []bpf.Instruction {
	rules := when(info, "clone", 0, unless(bpf.JumpBitsSet, namespaces, errno(unix.EPERM)))
	rules = append(rules, when(info, "socket", 0, only(unix.AF_UNIX, errno(unix.EAFNOSUPPORT)))...)
	rules = append(rules, when(info, "ioctl", 1, append(append(
		unless(bpf.JumpEqual, unix.TIOCSTI, errno(unix.EPERM)),
		unless(bpf.JumpEqual, 0x541C, errno(unix.EPERM))...), // TIOCLINUX
		unless(bpf.JumpEqual, unix.TIOCSETD, errno(unix.EPERM))...))...)
	rules = append(rules, when(info, "personality", 0, []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0xffffffff, SkipTrue: 1}, // asks, sets nothing
		bpf.RetConstant{Val: errno(unix.EPERM)},
	})...)
	rules = append(rules, flushes(info)...)
	// Huge pages that the host has set aside count in no memory group.
	rules = append(rules, when(info, "mmap", 3, unless(bpf.JumpBitsSet, unix.MAP_HUGETLB, errno(unix.EPERM)))...)
	rules = append(rules, when(info, "memfd_create", 1, unless(bpf.JumpBitsSet, unix.MFD_HUGETLB, errno(unix.EPERM)))...)
	return rules
}

// flushes answers for the disk, without it. All that a kernel can write lies in
// memory, where nothing is ever to be flushed; but fsync of a file that it can
// only read, such as the runtime's, makes the host's disk empty its cache each
// time, and what is dropped of such a file every other kernel has to read again.
func flushes(info *arch.Info) []bpf.Instruction {
	rules := always(info, "fsync", errno(0))
	rules = append(rules, always(info, "fdatasync", errno(0))...)
	rules = append(rules, when(info, "msync", 2, unless(bpf.JumpBitsSet, unix.MS_SYNC, errno(0)))...)
	return append(rules, when(info, "fadvise64", 3, unless(bpf.JumpEqual, unix.FADV_DONTNEED, errno(0)))...)
}

// when runs the checks on the low half of one argument of one call, and allows
// it when none of them has returned. The high half never carries a flag of
// these calls: the kernel reads an int.
func when(info *arch.Info, name string, arg uint32, checks []bpf.Instruction) []bpf.Instruction {
	number, known := info.SyscallNames[name]
	if !known {
		return nil
	}
	body := append([]bpf.Instruction{bpf.LoadAbsolute{Off: argsAt + 8*arg, Size: 4}}, checks...)
	body = append(body, bpf.RetConstant{Val: allow})
	return append([]bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(number), SkipFalse: uint8(len(body))},
	}, body...)
}

func unless(test bpf.JumpTest, value, verdict uint32) []bpf.Instruction {
	return []bpf.Instruction{
		bpf.JumpIf{Cond: test, Val: value, SkipFalse: 1},
		bpf.RetConstant{Val: verdict},
	}
}

func only(value, verdict uint32) []bpf.Instruction {
	return []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipTrue: 1},
		bpf.RetConstant{Val: verdict},
	}
}

func encode(rules []bpf.Instruction) ([]byte, error) {
	raw, err := bpf.Assemble(rules)
	if err != nil {
		return nil, fmt.Errorf("system call filter: %w", err)
	}
	var program []byte
	for _, in := range raw {
		program = binary.NativeEndian.AppendUint16(program, in.Op)
		program = append(program, in.Jt, in.Jf)
		program = binary.NativeEndian.AppendUint32(program, in.K)
	}
	return program, nil
}
