package jail

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// supervision is root's side of a jail whose other side has no root. It trusts
// nothing that it is asked: the wall is built from a configuration of its own,
// a kernel is one that it has vouched for, and a file is one below a kernel's
// working folder.
type supervision struct {
	config  Config
	conn    *net.UnixConn
	answers sync.WaitGroup

	mu    sync.RWMutex // held for writing while root or its wall changes
	root  *root        // from post to leave
	kept  sync.Mutex   // guards wards
	wards map[uint64]*charge
}

// Bounds of what may be asked for.
const (
	atOnce    = 256 // questions
	wardsMost = 1024
	wallsMost = 8 // one that serves, and old ones whose last kernels still live
	pidsMost  = 1 << 15
	bytesMost = 1 << 50
)

// Supervise does what needs root for the process at the other end of the
// socket, until that is gone; then it ends all that it has started for it.
// Anything that nobody honest asks ends it, too.
func Supervise(socket *os.File, c Config) error {
	conn, err := connect(socket)
	if err != nil {
		return err
	}
	s := &supervision{config: c, conn: conn, wards: map[uint64]*charge{}}
	s.config.Supervisor = nil
	if c.Logger == nil {
		s.config.Logger = slog.New(slog.DiscardHandler)
	}
	err = s.serve()
	return errors.Join(err, s.end())
}

func (s *supervision) serve() error {
	room := make(chan struct{}, atOnce)
	fault := make(chan error, 1)
	for {
		var q question
		files, err := take(s.conn, &q)
		if err != nil {
			closeAll(files)
			select {
			case err = <-fault: // the reason why the socket was closed
			default:
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		room <- struct{}{}
		s.answers.Go(func() {
			defer func() { <-room }()
			if err := s.answer(q, files); errors.Is(err, errQuestion) {
				select {
				case fault <- err:
				default:
				}
				_ = s.conn.Close()
			}
		})
	}
}

// answer does what is asked. Its error is errQuestion, or that of a peer that
// is gone.
func (s *supervision) answer(q question, files []*os.File) error {
	defer closeAll(files)
	if want := map[string]int{"launch": 2}[q.Do]; len(files) != want {
		return fmt.Errorf("%w: %s with %d descriptors", errQuestion, q.Do, len(files))
	}
	a := answer{ID: q.ID}
	back, err := s.do(q, files, &a)
	if errors.Is(err, errQuestion) {
		return err
	}
	if err != nil {
		a.Error = cutBytes(valid(err.Error()), answerMax)
	}
	if back == nil {
		return put(s.conn, a)
	}
	defer back.Close()
	return put(s.conn, a, back)
}

func (s *supervision) do(q question, files []*os.File, a *answer) (*os.File, error) {
	switch q.Do {
	case "post":
		return nil, s.post()
	case "launch":
		return nil, s.launch(q.Wall, files)
	case "wait", "stop":
		return nil, s.follow(q)
	case "leave":
		return nil, s.leave()
	case "admit":
		return nil, s.admit(q)
	}
	w := s.wardOf(q.Kernel)
	if w == nil {
		return nil, errRemoved
	}
	return s.tend(w, q, a)
}

// tend does what is asked for one kernel.
func (s *supervision) tend(w *charge, q question, a *answer) (*os.File, error) {
	switch q.Do {
	case "kill":
		w.kill()
	case "interrupt":
		w.interrupt()
	case "memory":
		if q.Memory <= 0 {
			return nil, fmt.Errorf("%w: memory of %d bytes", errQuestion, q.Memory)
		}
		return nil, w.setMemory(q.Memory)
	case "freeze":
		return nil, w.freeze()
	case "thaw":
		return nil, w.thaw()
	case "reset":
		w.resetPeak()
	case "rest":
		w.rest()
	case "spent":
		use, err := w.spent()
		a.Spent = use.wire()
		return nil, err
	case "vet":
		return nil, w.vet()
	case "survey":
		found, err := w.survey()
		if err != nil {
			return nil, err
		}
		return found.file()
	case "open":
		return openFile(w, string(q.Path))
	case "remove":
		return nil, s.release(w)
	default:
		return nil, fmt.Errorf("%w: %q", errQuestion, q.Do)
	}
	return nil, nil
}

func (s *supervision) release(w *charge) error {
	s.kept.Lock()
	delete(s.wards, w.id)
	s.kept.Unlock()
	return w.remove()
}

// openFile opens what is a file and below the working folder, for reading.
func openFile(w *charge, path string) (*os.File, error) {
	if !filepath.IsLocal(path) {
		return nil, fmt.Errorf("%w: the file %q", errQuestion, path)
	}
	f, err := w.open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(unix.EINVAL, err, f.Close())
	}
	return f, nil
}

func (s *supervision) post() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root != nil {
		return fmt.Errorf("%w: a second jail", errQuestion)
	}
	var err error
	s.root, err = newRoot(s.config)
	return err
}

func (s *supervision) launch(wall uint64, files []*os.File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root == nil || s.root.wallOf(wall) != nil || len(s.root.walls) >= wallsMost {
		return fmt.Errorf("%w: a wall out of turn", errQuestion)
	}
	_, err := s.root.launch(wall, files[0], files[1])
	return err
}

// follow waits for the end of a wall, or brings it about.
func (s *supervision) follow(q question) error {
	s.mu.RLock()
	if s.root == nil {
		s.mu.RUnlock()
		return fmt.Errorf("%w: to follow no wall", errQuestion)
	}
	wall := s.root.wallOf(q.Wall)
	s.mu.RUnlock()
	if wall == nil {
		return nil // it has ended
	}
	if q.Do == "stop" {
		wall.kill()
		return nil
	}
	wall.wait()
	return nil
}

func (s *supervision) admit(q question) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.root == nil || q.Pid <= 1 || !q.bounds().sane() {
		return fmt.Errorf("%w: a kernel of process %d with %+v", errQuestion, q.Pid, q.bounds())
	}
	s.kept.Lock()
	taken, full := s.wards[q.Kernel] != nil, len(s.wards) >= wardsMost
	s.kept.Unlock()
	if taken || full {
		return fmt.Errorf("%w: kernel %d again, or too many", errQuestion, q.Kernel)
	}
	w, err := s.root.admit(q.Wall, q.Kernel, q.Pid, q.bounds())
	if err != nil {
		return err
	}
	s.kept.Lock()
	defer s.kept.Unlock()
	s.wards[q.Kernel] = w.(*charge)
	return nil
}

func (s *supervision) wardOf(id uint64) *charge {
	s.kept.Lock()
	defer s.kept.Unlock()
	return s.wards[id]
}

// leave takes away what stands: the walls and whatever it holds.
func (s *supervision) leave() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root == nil {
		return nil
	}
	r := s.root
	s.root = nil
	for _, wall := range r.walls {
		wall.kill()
		wall.wait()
	}
	var errs []error
	s.kept.Lock()
	defer s.kept.Unlock()
	for id, w := range s.wards {
		w.kill()
		errs = append(errs, w.remove())
		delete(s.wards, id)
	}
	return errors.Join(append(errs, r.leave())...)
}

// end leaves nothing behind of a process that is gone.
func (s *supervision) end() error {
	_ = s.conn.Close()
	err := s.leave()
	s.answers.Wait() // a post or a launch may have been under way
	return errors.Join(err, s.leave())
}
