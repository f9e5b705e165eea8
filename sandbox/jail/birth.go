package jail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

// birth makes the kernel's three channels and orders it from the zygote.
func (k *kernel) birth() error {
	var err error
	if k.bell, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return fmt.Errorf("eventfd: %w", err)
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socketpair: %w", err)
	}
	defer shut(pair[1])
	k.link = &link{fd: pair[0]}
	var out, errs [2]int
	if err := unix.Pipe2(out[:], unix.O_CLOEXEC); err != nil {
		return fmt.Errorf("pipe: %w", err)
	}
	k.out = out[0]
	defer shut(out[1])
	if err := unix.Pipe2(errs[:], unix.O_CLOEXEC); err != nil {
		return fmt.Errorf("pipe: %w", err)
	}
	k.err = errs[0]
	defer shut(errs[1])
	err = errors.Join(
		unix.SetNonblock(k.link.fd, true), unix.SetNonblock(k.out, true), unix.SetNonblock(k.err, true),
		unix.SetsockoptInt(k.link.fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 1),
	)
	if err != nil {
		return err
	}
	if err := k.zygote.adopt(k); err != nil {
		return err
	}
	return k.zygote.order(k.id, order{
		Pids: k.limits.Pids, WorkBytes: k.workBytes(), WorkFiles: workFiles,
		InputsBytes: k.limits.InputsMax, KeepFigures: k.spec.KeepFigures,
	}, pair[1], out[1], errs[1])
}

// shut closes our copy of what the zygote has got.
func shut(fd int) { _ = unix.Close(fd) }

// greet waits for "ready", which carries, by the operating system's word and
// not the kernel's, the pid.
func (k *kernel) greet() (int, error) {
	if err := waitFor(k.link.fd, unix.POLLIN, time.Now().Add(birthMax)); err != nil {
		return 0, fmt.Errorf("the new kernel: %w", err)
	}
	text := make([]byte, 1<<12)
	ancillary := make([]byte, unix.CmsgSpace(unix.SizeofUcred))
	n, an, _, _, err := unix.Recvmsg(k.link.fd, text, ancillary, unix.MSG_CMSG_CLOEXEC)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("the new kernel ended before it was ready: %w", errors.Join(err, k.lastWords()))
	}
	_ = unix.SetsockoptInt(k.link.fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 0)
	messages, err := unix.ParseSocketControlMessage(ancillary[:an])
	if err != nil {
		return 0, fmt.Errorf("the new kernel: %w", err)
	}
	pid := 0
	for _, m := range messages {
		if who, err := unix.ParseUnixCredentials(&m); err == nil {
			pid = int(who.Pid)
		}
	}
	k.link.in = append(k.link.in, text[:n]...)
	if _, err := k.expect("ready"); err != nil {
		return 0, err
	}
	if pid <= 0 {
		return 0, errBreach
	}
	return pid, nil
}

// furnish says go, sends the input files, and waits until the kernel is up.
func (k *kernel) furnish(ctx context.Context) error {
	names := make([]string, 0, len(k.spec.Inputs))
	for _, in := range k.spec.Inputs {
		names = append(names, in.Name)
	}
	if err := k.link.say(map[string]any{"t": "go", "inputs": names}, birthMax); err != nil {
		return err
	}
	for _, in := range k.spec.Inputs {
		if err := k.lay(ctx, in); err != nil {
			return fmt.Errorf("lay %s into the working folder: %w", in.Name, err)
		}
	}
	_, err := k.expect("up")
	return err
}

// expect reads one message of the kernel's start.
func (k *kernel) expect(want string) (message, error) {
	until := time.Now().Add(birthMax)
	for {
		f, whole, err := k.link.next()
		if err != nil {
			return message{}, err
		}
		if whole {
			m, err := parse(f)
			switch {
			case err == nil && m.T == "broken":
				return m, fmt.Errorf("%w: %s", sandbox.ErrUnavailable, oneLine(m.Stone, 500))
			case err == nil && m.T != want:
				err = errBreach
			}
			return m, err
		}
		if err := waitFor(k.link.fd, unix.POLLIN, until); err != nil {
			return message{}, fmt.Errorf("the new kernel: %w", err)
		}
		if err := k.link.fill(); err != nil {
			return message{}, fmt.Errorf("the new kernel ended while it started: %w", errors.Join(err, k.lastWords()))
		}
	}
}

// lastWords is what a kernel that failed to start left on its stderr.
func (k *kernel) lastWords() error {
	text := make([]byte, 1<<12)
	n, err := unix.Read(k.err, text)
	if err != nil || n <= 0 {
		return nil
	}
	return errors.New(string(text[:n]))
}
