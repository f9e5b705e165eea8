package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// tryLock takes the cluster's lock. EWOULDBLOCK in the chain means that another
// process has it. The lock goes with the last process that holds the file open.
func tryLock(c Config) (*os.File, error) {
	f, err := os.OpenFile(c.lock(), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the database's lock: %w", explain(err, c.Data))
	}
	// Root may hold it today and the owner tomorrow.
	o, err := findOwner()
	if err == nil && o.root {
		err = f.Chown(int(o.uid), int(o.gid))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("the database's lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	// The number is for people who meet the lock; a full disk must not matter.
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return f, nil
}

// waitForLock gives a server that is ending, or a command that is about to,
// until ctx ends.
func waitForLock(ctx context.Context, c Config) (*os.File, error) {
	for {
		lock, err := tryLock(c)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return lock, err
		}
		if pause(ctx) != nil {
			return nil, fmt.Errorf("another Mayfly (process %s) uses %s: stop it first, or set MAYFLY_DATA to another folder", holder(c), c.Data)
		}
	}
}

func holder(c Config) string {
	said, err := os.ReadFile(c.lock())
	if err != nil || len(said) == 0 {
		return "unknown"
	}
	return string(bytes.TrimSpace(said))
}
