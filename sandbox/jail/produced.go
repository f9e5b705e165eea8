package jail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"

	"github.com/dustin/go-humanize"
	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

var errClosed = errors.New("the kernel is closed")

// Produced yields what the last Exec made or changed. The kernel stands still
// until the walk is over.
func (k *kernel) Produced(ctx context.Context) iter.Seq2[sandbox.Produced, error] {
	return func(yield func(sandbox.Produced, error) bool) {
		k.use.Lock()
		defer k.use.Unlock()
		if k.bell < 0 {
			yield(sandbox.Produced{}, errClosed)
			return
		}
		release, err := k.hold(ctx)
		if err != nil {
			yield(sandbox.Produced{}, err)
			return
		}
		defer release()
		now, err := k.ward.survey()
		if err != nil {
			yield(sandbox.Produced{}, err)
			return
		}
		for _, made := range k.collect(now) {
			if err := ctx.Err(); err != nil {
				yield(sandbox.Produced{}, err)
				return
			}
			if !yield(k.open(made), nil) {
				break
			}
		}
		k.after, k.surveyed = now.stamps(), true
	}
}

// hold freezes the kernel and returns what thaws it. One that cannot be frozen
// is killed: its files are safe to read then, too.
func (k *kernel) hold(ctx context.Context) (release func(), err error) {
	if k.isOver() {
		return func() {}, nil
	}
	if err := k.ward.freeze(); err != nil {
		k.kill()
		return func() {}, k.awaitEnd(ctx)
	}
	return func() { _ = k.ward.thaw() }, nil
}

// finding is one file of the walk and what will become of it.
type finding struct {
	node    node
	refused string
}

// collect decides, in the order of paths, what is kept.
func (k *kernel) collect(now survey) []finding {
	var all []finding
	var kept int
	var sum int64
	for _, n := range now.nodes {
		if k.before[n.path] == n.stamp {
			continue
		}
		f := finding{n, k.refuse(n, kept, sum)}
		if f.refused == "" {
			kept++
			sum += n.stamp.size
		}
		all = append(all, f)
	}
	for _, folder := range slices.Sorted(maps.Keys(now.unseen)) {
		all = append(all, finding{node{path: folder}, now.unseen[folder]})
	}
	return all
}

// refuse says why a file is not kept, "" when it is.
func (k *kernel) refuse(n node, kept int, sum int64) string {
	l := k.limits
	switch {
	case n.mode&unix.S_IFMT != unix.S_IFREG:
		return kindOf(n.mode)
	case n.names:
		return "a file with a second name (hard link)"
	case n.stamp.size > l.FileMax:
		return fmt.Sprintf("larger than %s, the most one file may be", humanize.Bytes(uint64(l.FileMax)))
	case kept >= l.FilesMax:
		return fmt.Sprintf("more than %d files, the most one run may keep", l.FilesMax)
	case sum+n.stamp.size > l.BytesMax:
		return fmt.Sprintf("more than %s in all, the most one run may keep", humanize.Bytes(uint64(l.BytesMax)))
	}
	return ""
}

// kindOf names what is no regular file.
func kindOf(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFLNK:
		return "a link"
	case unix.S_IFIFO:
		return "a pipe (fifo), not a file"
	case unix.S_IFSOCK:
		return "a socket, not a file"
	}
	return "a device, not a file"
}

// open opens one file that is to be kept, and checks on the open descriptor
// that it is the one that was seen.
func (k *kernel) open(f finding) sandbox.Produced {
	made := sandbox.Produced{Path: valid(f.node.path), Size: f.node.stamp.size, Refused: f.refused}
	if made.Refused != "" {
		return made
	}
	content, err := k.ward.open(f.node.path)
	if err != nil {
		made.Refused = "could not be opened"
		return made
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(content.Fd()), &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFREG || st.Nlink != 1 || stampOf(st) != f.node.stamp {
		_ = content.Close()
		made.Refused = "changed while it was read"
		return made
	}
	made.Content = sized{io.LimitReader(content, made.Size), content}
	return made
}

// sized reads a file up to the size it was seen with.
type sized struct {
	io.Reader
	file *os.File
}

func (s sized) Close() error { return s.file.Close() }
