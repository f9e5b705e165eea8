package jail

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// zygote is one running outer wall with its warm parent inside. When it ends,
// every kernel ends with it, and the jail starts another.
type zygote struct {
	number  uint64 // among those of one warden
	warden  warden
	log     *slog.Logger
	control *net.UnixConn
	warmth  chan warmth   // one value, when the stack is loaded
	born    chan struct{} // closed when Python runs inside the wall
	done    chan struct{} // closed when the wall's process has ended
	stop    func()
	pool    *pool

	mu      sync.Mutex
	kernels map[uint64]*kernel
	last    uint64        // kernel's number: no other zygote's has it
	emptied chan struct{} // a value when the last kernel is gone
	said    string        // its last complaint
	over    bool
}

// warmth is what a zygote tells of its start.
type warmth struct {
	Seconds float64  `json:"seconds"`
	RSS     int64    `json:"rss"`  // bytes
	Huge    int64    `json:"huge"` // bytes on huge pages
	Missing []string `json:"missing"`

	Packages []Package `json:"packages"`
}

// startZygote starts the wall; the zygote warms up inside it.
func startZygote(w warden, number uint64, log *slog.Logger) (*zygote, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	theirs := os.NewFile(uintptr(fds[1]), "control")
	control, err := toConn(fds[0])
	if err != nil {
		_ = theirs.Close()
		return nil, err
	}
	z := &zygote{
		number: number, warden: w, log: log, control: control, last: number << 32, emptied: make(chan struct{}, 1),
		warmth: make(chan warmth, 1), born: make(chan struct{}), done: make(chan struct{}), kernels: map[uint64]*kernel{},
	}
	if err := z.launch(theirs); err != nil {
		_ = control.Close()
		return nil, err
	}
	return z, nil
}

// launch has the warden start the wall, and follows its life.
func (z *zygote) launch(control *os.File) error {
	complaints, theirs, err := os.Pipe()
	if err != nil {
		return errors.Join(err, control.Close())
	}
	wall, err := z.warden.launch(z.number, control, theirs)
	if err != nil {
		return errors.Join(err, complaints.Close())
	}
	z.stop = sync.OnceFunc(func() { z.kill(wall) })
	var reports sync.WaitGroup
	reports.Go(func() { z.listen() })
	reports.Go(func() { z.grumble(complaints) })
	go func() {
		wall.wait()
		_ = z.control.CloseRead()
		reports.Wait()
		z.buryAll()
		close(z.done)
	}()
	return nil
}

// bornMax is long for a loaded machine; a quiet one takes 50 ms.
const bornMax = 10 * time.Second

// kill ends the launcher, and all within with it. That holds from the moment
// that the processes within have asked to die with their parent: until Python
// runs there, it waits.
func (z *zygote) kill(wall launched) {
	late := time.NewTimer(bornMax)
	defer late.Stop()
	select {
	case <-z.born:
	case <-z.done:
	case <-late.C:
	}
	wall.kill()
}

// close ends the wall and waits until everything within is gone.
func (z *zygote) close() {
	z.stop()
	<-z.done
	_ = z.control.Close()
}

// order asks for one kernel and hands over its three descriptors. The number
// comes first and apart: the fork loop reads no JSON.
func (z *zygote) order(id uint64, what order, fds ...int) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	message := append(binary.BigEndian.AppendUint64(nil, id), text...)
	if _, _, err := z.control.WriteMsgUnix(message, unix.UnixRights(fds...), nil); err != nil {
		return fmt.Errorf("order a kernel: %w", err)
	}
	return nil
}

// order is what a kernel must know to build its wall.
type order struct {
	Pids        int   `json:"pids"`
	WorkBytes   int64 `json:"work_bytes"`
	WorkFiles   int   `json:"work_files"`
	InputsBytes int64 `json:"inputs_bytes"`
	KeepFigures bool  `json:"keep_figures"`
}

// report is one message from the zygote.
type report struct {
	T      string `json:"t"`
	ID     uint64 `json:"id"`
	Status int    `json:"status"` // as waitpid gives it
	Error  string `json:"error"`
	warmth
}

// listen takes the zygote's reports until it is gone.
func (z *zygote) listen() {
	text := make([]byte, 1<<16)
	born := sync.OnceFunc(func() { close(z.born) })
	for {
		n, err := z.control.Read(text)
		if err != nil || n == 0 {
			return
		}
		var r report
		if err := json.Unmarshal(text[:n], &r); err != nil {
			z.log.Error("jail: the zygote broke its protocol", "error", err)
			z.stop()
			return
		}
		switch r.T {
		case "born":
			born()
		case "warm":
			z.warmth <- r.warmth
		case "ended":
			z.bury(r.ID, r.Status)
		case "refused":
			z.log.Error("jail: the zygote could not fork", "error", r.Error)
			z.bury(r.ID, goneWithZygote)
		}
	}
}

// grumble logs what the wall or the zygote writes, a kernel's own set-up
// included; user code never has these descriptors.
func (z *zygote) grumble(complaints io.ReadCloser) {
	defer complaints.Close()
	lines := bufio.NewScanner(complaints)
	for lines.Scan() {
		z.log.Warn("jail: zygote says", "line", lines.Text())
		z.mu.Lock()
		z.said = lines.Text()
		z.mu.Unlock()
	}
	_, _ = io.Copy(io.Discard, complaints)
}

// awaitWarm waits for the stack to be loaded.
func (z *zygote) awaitWarm(ctx context.Context) (warmth, error) {
	slow := time.NewTimer(warmMax)
	defer slow.Stop()
	select {
	case w := <-z.warmth:
		return w, nil
	case <-z.done:
		return warmth{}, fmt.Errorf("the Python runtime did not start in the jail (%s): run make setup again", z.lastWords())
	case <-slow.C:
		return warmth{}, fmt.Errorf("the Python runtime did not warm up within %s", warmMax)
	case <-ctx.Done():
		return warmth{}, ctx.Err()
	}
}

func (z *zygote) lastWords() string {
	z.mu.Lock()
	defer z.mu.Unlock()
	return cmp.Or(oneLine(z.said, 300), "it said nothing")
}

// warmMax bounds the loading of the stack: 2.3–4 s when measured, more on a
// cold disk.
const warmMax = 2 * time.Minute

// toConn wraps a socket for the network poller, which then owns it.
func toConn(fd int) (*net.UnixConn, error) {
	f := os.NewFile(uintptr(fd), "control")
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	return conn.(*net.UnixConn), nil
}
