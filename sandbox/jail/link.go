package jail

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// frameMax caps one frame from a kernel (PROTOCOL.md); a longer one is a
// breach.
const (
	frameMax  = 1 << 20
	frameHead = 5
)

// The two kinds of frame.
const (
	jsonFrame  = byte('j')
	bytesFrame = byte('b')
)

var (
	errBreach = errors.New("the kernel broke the protocol of its channel")
	errDeaf   = errors.New("the kernel does not read its channel")
)

type frame struct {
	kind    byte
	payload []byte
}

// link is the host's end of the socket to one kernel. Reading belongs to one
// goroutine; send may be called by several.
type link struct {
	fd   int
	in   []byte
	send sync.Mutex
}

// fill reads what is there, without waiting: io.EOF when the kernel is gone.
// It takes no control messages, so descriptors that a kernel sends are closed
// by the operating system.
func (l *link) fill() error {
	piece := make([]byte, 1<<16)
	n, err := unix.Read(l.fd, piece)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case errors.Is(err, unix.ECONNRESET), err == nil && n == 0:
		return io.EOF
	case err != nil:
		return err
	}
	l.in = append(l.in, piece[:n]...)
	return nil
}

// next takes one whole frame from what fill has read.
func (l *link) next() (frame, bool, error) {
	if len(l.in) < frameHead {
		return frame{}, false, nil
	}
	size := binary.BigEndian.Uint32(l.in)
	kind := l.in[4]
	if size > frameMax || (kind != jsonFrame && kind != bytesFrame) {
		return frame{}, false, errBreach
	}
	end := frameHead + int(size)
	if len(l.in) < end {
		return frame{}, false, nil
	}
	f := frame{kind, l.in[frameHead:end:end]}
	if l.in = l.in[end:]; len(l.in) == 0 {
		l.in = nil
	}
	return f, true, nil
}

// say sends one message. A kernel that does not read within the limit is deaf.
func (l *link) say(message any, limit time.Duration) error {
	payload, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("message to the kernel: %w", err)
	}
	return l.write(jsonFrame, payload, limit)
}

// stream sends all of r in frames of bytes, and an empty one at its end. It
// returns what r failed with apart, as the kernel must be told of it.
func (l *link) stream(r io.Reader, most int64, limit time.Duration) (int64, error) {
	piece := make([]byte, 1<<18)
	var sent int64
	for {
		n, err := r.Read(piece)
		if sent += int64(n); sent > most {
			return sent, errTooLong
		}
		if n > 0 {
			if err := l.write(bytesFrame, piece[:n], limit); err != nil {
				return sent, err
			}
		}
		if errors.Is(err, io.EOF) {
			return sent, l.write(bytesFrame, nil, limit)
		}
		if err != nil {
			return sent, fmt.Errorf("%w: %w", errSource, err)
		}
	}
}

var (
	errTooLong = errors.New("longer than it was said to be")
	errSource  = errors.New("reading it failed")
)

func (l *link) write(kind byte, payload []byte, limit time.Duration) error {
	head := binary.BigEndian.AppendUint32(make([]byte, 0, frameHead), uint32(len(payload)))
	head = append(head, kind)
	l.send.Lock()
	defer l.send.Unlock()
	until := time.Now().Add(limit)
	for _, part := range [][]byte{head, payload} {
		if err := l.push(part, until); err != nil {
			return err
		}
	}
	return nil
}

func (l *link) push(part []byte, until time.Time) error {
	for len(part) > 0 {
		n, err := unix.SendmsgN(l.fd, part, nil, nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EAGAIN):
			if err := waitFor(l.fd, unix.POLLOUT, until); err != nil {
				return err
			}
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return io.EOF
		default:
			part = part[n:]
		}
	}
	return nil
}

// waitFor polls one descriptor until the moment given.
func waitFor(fd int, events int16, until time.Time) error {
	for {
		left := time.Until(until)
		if left <= 0 {
			return errDeaf
		}
		fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
		n, err := unix.Poll(fds, int(left/time.Millisecond)+1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		if n > 0 {
			return nil
		}
	}
}
