package jail

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"mayfly/sandbox"
)

// withDefaults fills what the caller left open.
func withDefaults(l sandbox.Limits) sandbox.Limits {
	d := sandbox.DefaultLimits()
	return sandbox.Limits{
		Wall: orElse(l.Wall, d.Wall), Memory: orElse(l.Memory, d.Memory), Pids: orElse(l.Pids, d.Pids),
		FileMax: orElse(l.FileMax, d.FileMax), FilesMax: orElse(l.FilesMax, d.FilesMax), BytesMax: orElse(l.BytesMax, d.BytesMax),
		InputsMax: orElse(l.InputsMax, d.InputsMax), OutputMax: orElse(l.OutputMax, d.OutputMax),
	}
}

func orElse[T interface{ ~int | ~int64 }](v, fallback T) T {
	if v <= 0 {
		return fallback
	}
	return v
}

// A tmpfs counts whole pages: room for the last page of each file, and for
// what libraries leave in /tmp.
const (
	page      = 4096
	workSlack = 4 << 20
)

// workBytes is the workspace's size: what a run may keep, and the copies that
// lie there at the start.
func (k *kernel) workBytes() int64 {
	return k.limits.BytesMax + k.laidBytes() + int64(k.limits.FilesMax+len(k.spec.Inputs))*page + workSlack
}

// ceiling is the group's limit: files of a tmpfs count in it, and the guard sees
// to it that the program does not take their share. What load_file fetches is
// added when it is fetched.
func (k *kernel) ceiling() int64 { return k.limits.Memory + k.workBytes() + k.shelf.fetched }

func (k *kernel) laidBytes() int64 {
	var sum int64
	for _, in := range k.spec.Inputs {
		sum += in.Size
	}
	return sum
}

// inputsFit refuses, before anything is started, input files that are too many
// bytes or whose names would not stay in the working folder.
func (k *kernel) inputsFit() error {
	seen := map[string]bool{}
	for _, in := range k.spec.Inputs {
		if err := checkName(in.Name); err != nil {
			return err
		}
		if seen[in.Name] {
			return fmt.Errorf("two input files are named %q", in.Name)
		}
		seen[in.Name] = true
	}
	if sum := k.laidBytes(); sum > k.limits.InputsMax {
		return fmt.Errorf("the input files are %s together, more than the %s one run may read",
			humanize.Bytes(uint64(sum)), humanize.Bytes(uint64(k.limits.InputsMax)))
	}
	return nil
}

func checkName(name string) error {
	if name == "" || name == "." || path.IsAbs(name) || path.Clean(name) != name || name == ".." ||
		strings.HasPrefix(name, "../") || strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return fmt.Errorf("an input file may not be named %q", name)
	}
	return nil
}

// lay copies one input file into the working folder.
func (k *kernel) lay(ctx context.Context, in sandbox.Input) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	content, err := in.Open()
	if err != nil {
		return err
	}
	sent, err := k.link.stream(content, in.Size, birthMax)
	if err = errors.Join(err, content.Close()); err != nil {
		return err
	}
	if sent != in.Size {
		return fmt.Errorf("%d bytes were promised, %d came", in.Size, sent)
	}
	return nil
}
