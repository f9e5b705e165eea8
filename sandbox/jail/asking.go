package jail

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// What a process without root asks its supervisor: one JSON message each way on
// a socket that keeps messages apart (SOCK_SEQPACKET), any number at once.

// question is one request. do says which, and so which of the rest counts.
type question struct {
	ID     uint64 `json:"id"` // of the answer too
	Do     string `json:"do"`
	Wall   uint64 `json:"wall,omitempty"`
	Kernel uint64 `json:"kernel,omitempty"`
	Pid    int    `json:"pid,omitempty"`
	Memory int64  `json:"memory,omitempty"`
	Files  int64  `json:"files,omitempty"`
	Pids   int    `json:"pids,omitempty"`
	Behind bool   `json:"behind,omitempty"`
	Path   []byte `json:"path,omitempty"` // of user code's making: no text
}

func (q question) bounds() bounds {
	return bounds{memory: q.Memory, files: q.Files, pids: q.Pids, behind: q.Behind}
}

func (b bounds) sane() bool {
	return b.memory > 0 && b.memory <= bytesMost && b.files >= 0 && b.files <= bytesMost && b.pids > 0 && b.pids <= pidsMost
}

// answer is what comes back; a descriptor may come with it.
type answer struct {
	ID    uint64   `json:"id"`
	Error string   `json:"error,omitempty"`
	Spent [6]int64 `json:"spent"`
}

// messageMax is more than any honest message has: a path is at most 4096 bytes.
const messageMax = 16 << 10

// filesMax is the most descriptors that come with a message.
const filesMax = 2

var errQuestion = errors.New("the jail's supervisor was asked something that nobody honest asks")

// put sends one message with its descriptors.
func put(conn *net.UnixConn, message any, files ...*os.File) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	var rights []byte
	if len(files) > 0 {
		fds := make([]int, len(files))
		for i, f := range files {
			fds[i] = int(f.Fd())
		}
		rights = unix.UnixRights(fds...)
	}
	_, _, err = conn.WriteMsgUnix(text, rights, nil)
	return err
}

// take receives one message into what is given: io.EOF when the other side is
// gone. The caller closes the files.
func take(conn *net.UnixConn, message any) ([]*os.File, error) {
	text, rights := make([]byte, messageMax), make([]byte, unix.CmsgSpace(4*filesMax))
	n, rn, flags, _, err := conn.ReadMsgUnix(text, rights)
	files := filesOf(rights[:max(rn, 0)])
	switch {
	case err != nil && !errors.Is(err, io.EOF), err == nil && flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0:
		return files, errors.Join(errQuestion, err)
	case n == 0:
		return files, io.EOF
	}
	strict := json.NewDecoder(bytes.NewReader(text[:n]))
	strict.DisallowUnknownFields()
	if err := strict.Decode(message); err != nil || strict.More() {
		return files, errQuestion
	}
	return files, nil
}

func filesOf(rights []byte) (files []*os.File) {
	messages, _ := unix.ParseSocketControlMessage(rights)
	for _, m := range messages {
		fds, _ := unix.ParseUnixRights(&m)
		for _, fd := range fds {
			files = append(files, os.NewFile(uintptr(fd), "passed"))
		}
	}
	return files
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

func (s spent) wire() [6]int64 {
	return [6]int64{int64(s.cpu), s.memory, s.peak, s.anon, s.files, s.oomKills}
}

func spentOf(w [6]int64) spent {
	return spent{cpu: time.Duration(w[0]), memory: w[1], peak: w[2], anon: w[3], files: w[4], oomKills: w[5]}
}

// A survey may be long, so it travels as a file in memory.
type (
	surveyWire struct {
		Nodes  []nodeWire        `json:"nodes"`
		Unseen map[string]string `json:"unseen"`
	}
	nodeWire struct {
		Path    []byte        `json:"path"`
		Mode    uint32        `json:"mode"`
		Names   bool          `json:"names"`
		Inode   uint64        `json:"inode"`
		Size    int64         `json:"size"`
		Changed unix.Timespec `json:"changed"`
	}
)

func (s survey) file() (*os.File, error) {
	w := surveyWire{Unseen: s.unseen}
	for _, n := range s.nodes {
		w.Nodes = append(w.Nodes, nodeWire{[]byte(n.path), n.mode, n.names, n.stamp.inode, n.stamp.size, n.stamp.changed})
	}
	text, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	return inMemory("survey", text)
}

func surveyOf(file io.Reader) (survey, error) {
	var w surveyWire
	if err := json.NewDecoder(file).Decode(&w); err != nil {
		return survey{}, err
	}
	s := survey{unseen: w.Unseen}
	for _, n := range w.Nodes {
		s.nodes = append(s.nodes, node{path: string(n.Path), mode: n.Mode, names: n.Names, stamp: stamp{n.Inode, n.Size, n.Changed}})
	}
	return s, nil
}
