package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"mayfly/config"
	"mayfly/sandbox/jail"
)

// supervisedFlag tells the second process of `mayfly serve` that the jail's
// supervisor is at the other end of supervisorFD.
const (
	supervisedFlag = "supervised"
	supervisorFD   = 3
)

// supervise is `mayfly serve` as root: the server itself goes on as the system
// user, and what is left here does for its jail what needs root, passes signals
// on, and ends as the server does.
func supervise(ctx context.Context, cfg *config.Config) error {
	if err := handOver(cfg); err != nil {
		return trouble(err)
	}
	ours, theirs, err := socketPair()
	if err != nil {
		return trouble(err)
	}
	server, err := startApart(cfg, []string{"serve", "--" + supervisedFlag}, theirs)
	_ = theirs.Close()
	if err != nil {
		return trouble(errors.Join(err, ours.Close()))
	}
	go server.passOn(ctx)
	err = jail.Supervise(ours, jailConfig(cfg, newLogger()))
	if err != nil { // it must not go on unsupervised
		_ = server.process.Kill()
	}
	<-server.ended
	if err != nil {
		return trouble(fmt.Errorf("the jail's supervisor: %w", err))
	}
	return server.verdict(ctx)
}

func socketPair() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socket of the jail's supervisor: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "server"), os.NewFile(uintptr(fds[1]), "supervisor"), nil
}

// supervisor is the other side of supervise, in the process that it started.
func supervisor() (*jail.Supervisor, error) {
	s, err := jail.Reach(os.NewFile(supervisorFD, "supervisor"))
	if err != nil {
		return nil, fmt.Errorf("--%s is for mayfly serve's own second process: %w", supervisedFlag, err)
	}
	return s, nil
}
