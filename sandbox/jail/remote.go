package jail

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
)

// Supervisor is the way to the process of root's that does what this one may
// not (Supervise). It serves one jail.
type Supervisor struct {
	conn *net.UnixConn
	gone chan struct{} // closed when it does not answer any more

	mu    sync.Mutex
	last  uint64
	waits map[uint64]chan told
	over  bool
}

// told is an answer and the file that came with it.
type told struct {
	answer
	file *os.File
}

var errUnsupervised = errors.New("the jail's supervisor has ended")

// Reach takes over the socket to a supervisor.
func Reach(socket *os.File) (*Supervisor, error) {
	conn, err := connect(socket)
	if err != nil {
		return nil, err
	}
	s := &Supervisor{conn: conn, gone: make(chan struct{}), waits: map[uint64]chan told{}}
	go s.listen()
	return s, nil
}

// Done is closed when the supervisor is gone.
func (s *Supervisor) Done() <-chan struct{} { return s.gone }

// Close ends the supervisor's work, and all that it has started.
func (s *Supervisor) Close() error { return s.conn.Close() }

func (s *Supervisor) listen() {
	defer close(s.gone)
	for {
		var a answer
		files, err := take(s.conn, &a)
		s.mu.Lock()
		wait := s.waits[a.ID]
		delete(s.waits, a.ID)
		if err != nil || len(files) > 1 || wait == nil {
			closeAll(files)
			s.over = true
			for _, wait := range s.waits {
				close(wait)
			}
			s.mu.Unlock()
			_ = s.conn.Close()
			return
		}
		s.mu.Unlock()
		t := told{answer: a}
		if len(files) == 1 {
			t.file = files[0]
		}
		wait <- t
	}
}

// ask waits for the answer.
func (s *Supervisor) ask(q question, files ...*os.File) (told, error) {
	wait := make(chan told, 1)
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return told{}, errUnsupervised
	}
	s.last++
	q.ID = s.last
	s.waits[q.ID] = wait
	s.mu.Unlock()
	if err := put(s.conn, q, files...); err != nil {
		s.mu.Lock()
		delete(s.waits, q.ID)
		s.mu.Unlock()
		return told{}, fmt.Errorf("%w: %w", errUnsupervised, err)
	}
	t, ok := <-wait
	switch {
	case !ok:
		return told{}, errUnsupervised
	case t.Error != "":
		return t, errors.New(t.Error)
	}
	return t, nil
}

func (s *Supervisor) tell(do string) error {
	_, err := s.ask(question{Do: do})
	return err
}

func (s *Supervisor) post() (warden, error) {
	if err := s.tell("post"); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Supervisor) launch(wall uint64, control, complaints *os.File) (launched, error) {
	defer closeAll([]*os.File{control, complaints})
	if _, err := s.ask(question{Do: "launch", Wall: wall}, control, complaints); err != nil {
		return nil, err
	}
	return remoteWall{s, wall}, nil
}

func (s *Supervisor) admit(wall, id uint64, pid int, b bounds) (ward, error) {
	if _, err := s.ask(question{Do: "admit", Wall: wall, Kernel: id, Pid: pid, Memory: b.memory, Files: b.files, Pids: b.pids, Behind: b.behind}); err != nil {
		return nil, err
	}
	return remoteWard{s, id}, nil
}

func (s *Supervisor) leave() error { return unlessGone(s.tell("leave")) }

// unlessGone: a supervisor that has ended has taken everything away itself.
func unlessGone(err error) error {
	if errors.Is(err, errUnsupervised) {
		return nil
	}
	return err
}

type remoteWall struct {
	s      *Supervisor
	number uint64
}

func (w remoteWall) kill() { _, _ = w.s.ask(question{Do: "stop", Wall: w.number}) }
func (w remoteWall) wait() { _, _ = w.s.ask(question{Do: "wait", Wall: w.number}) }

// remoteWard is a kernel in the supervisor's charge.
type remoteWard struct {
	s  *Supervisor
	id uint64
}

func (w remoteWard) tell(do string) error {
	_, err := w.s.ask(question{Do: do, Kernel: w.id})
	return err
}

func (w remoteWard) kill()         { _ = w.tell("kill") }
func (w remoteWard) interrupt()    { _ = w.tell("interrupt") }
func (w remoteWard) freeze() error { return w.tell("freeze") }
func (w remoteWard) thaw() error   { return w.tell("thaw") }
func (w remoteWard) resetPeak()    { _ = w.tell("reset") }
func (w remoteWard) rest()         { _ = w.tell("rest") }
func (w remoteWard) vet() error    { return w.tell("vet") }

func (w remoteWard) setMemory(bytes int64) error {
	_, err := w.s.ask(question{Do: "memory", Kernel: w.id, Memory: bytes})
	return err
}

func (w remoteWard) spent() (spent, error) {
	t, err := w.s.ask(question{Do: "spent", Kernel: w.id})
	return spentOf(t.Spent), err
}

func (w remoteWard) survey() (survey, error) {
	file, err := w.file(question{Do: "survey", Kernel: w.id})
	if err != nil {
		return survey{}, err
	}
	defer file.Close()
	return surveyOf(file)
}

func (w remoteWard) open(path string) (*os.File, error) {
	return w.file(question{Do: "open", Kernel: w.id, Path: []byte(path)})
}

func (w remoteWard) file(q question) (*os.File, error) {
	t, err := w.s.ask(q)
	if err == nil && t.file == nil {
		err = errQuestion
	}
	return t.file, err
}

func (w remoteWard) remove() error {
	err := w.tell("remove")
	if err != nil && err.Error() == errRemoved.Error() {
		return nil
	}
	return unlessGone(err)
}

// connect takes over a socket.
func connect(socket *os.File) (*net.UnixConn, error) {
	defer socket.Close()
	conn, err := net.FileConn(socket)
	if err != nil {
		return nil, fmt.Errorf("socket of the jail's supervisor: %w", err)
	}
	unix, ok := conn.(*net.UnixConn)
	if !ok {
		return nil, errors.Join(errors.New("the socket of the jail's supervisor is none of Unix"), conn.Close())
	}
	return unix, nil
}
