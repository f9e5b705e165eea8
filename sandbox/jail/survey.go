package jail

import (
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Budgets of one walk through a workspace. Its tmpfs holds fewer inodes than
// entriesMax; the rest is against trees that are made to be slow.
const (
	entriesMax = 20_000
	depthMax   = 32
	surveyMax  = 10 * time.Second
)

// beneath is how every name of user code is resolved: from the workspace's own
// descriptor, never out of it, and never through a link of any kind.
const beneath = unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV

// stamp tells whether a file was touched: the guest can set mtime, not these.
type stamp struct {
	inode   uint64
	size    int64
	changed unix.Timespec
}

// node is one entry of the workspace that is no folder.
type node struct {
	path  string
	mode  uint32
	names bool // it has more than one (hard links)
	stamp stamp
}

// survey is what one walk found, and what it could not look into, in words.
type survey struct {
	nodes  []node
	unseen map[string]string // path of a folder → why
}

func (s survey) stamps() map[string]stamp {
	stamps := make(map[string]stamp, len(s.nodes))
	for _, n := range s.nodes {
		stamps[n.path] = n.stamp
	}
	return stamps
}

// walkThrough walks the working folder. It is safe whatever user code does
// meanwhile; it is exact when the kernel stands still.
func walkThrough(root int) survey {
	w := walk{root: root, until: time.Now().Add(surveyMax), found: survey{unseen: map[string]string{}}}
	w.enter(".", 0)
	slices.SortFunc(w.found.nodes, func(a, b node) int { return strings.Compare(a.path, b.path) })
	return w.found
}

type walk struct {
	root    int
	entries int
	until   time.Time
	found   survey
}

func (w *walk) enter(folder string, depth int) {
	if depth > depthMax {
		w.found.unseen[folder] = "a folder deeper than 32 levels"
		return
	}
	dir, err := openBeneath(w.root, folder, unix.O_DIRECTORY)
	if err != nil {
		w.found.unseen[folder] = "a folder that cannot be read"
		return
	}
	defer dir.Close()
	names, err := dir.Readdirnames(entriesMax - w.entries + 1)
	if err != nil && len(names) == 0 {
		return // io.EOF: it is empty
	}
	for _, name := range names {
		if w.entries++; w.entries > entriesMax || time.Now().After(w.until) {
			w.found.unseen[folder] = "a folder with too many entries to look at"
			return
		}
		w.look(int(dir.Fd()), path.Join(folder, name), name, depth)
	}
}

func (w *walk) look(dir int, whole, name string, depth int) {
	var st unix.Stat_t
	if err := unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return // gone since
	}
	if st.Mode&unix.S_IFMT == unix.S_IFDIR {
		w.enter(whole, depth+1)
		return
	}
	w.found.nodes = append(w.found.nodes, node{path: whole, mode: st.Mode, names: st.Nlink > 1, stamp: stampOf(st)})
}

func stampOf(st unix.Stat_t) stamp { return stamp{inode: st.Ino, size: st.Size, changed: st.Ctim} }

// openBeneath opens a name of user code for reading. O_NONBLOCK: a fifo must
// not hold us.
func openBeneath(root int, name string, flags uint64) (*os.File, error) {
	fd, err := unix.Openat2(root, name, &unix.OpenHow{
		Flags:   flags | unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC | unix.O_NOCTTY,
		Resolve: beneath,
	})
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}
