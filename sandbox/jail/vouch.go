package jail

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// wallDepth is how many processes there may be between a kernel's process 1
// and the launcher: the zygote and bubblewrap's own process 1. More would do no
// harm.
const wallDepth = 8

// vouch makes sure that pid is process 1 of a kernel of this wall: of the
// jail's user, first in a pid namespace within the wall's, and below the
// launcher, out of whose reach nothing inside can get. The number came from a
// process without root, which may be anybody's by now.
func (r *root) vouch(wall *launcher, pid int) error {
	status := fields(readText(fmt.Sprintf("/proc/%d/status", pid)))
	id := strconv.FormatUint(uint64(r.uid), 10)
	if status["Uid"] != strings.Join([]string{id, id, id, id}, " ") {
		return fmt.Errorf("process %d is not the jail user's", pid)
	}
	// As this machine counts, as the wall does, as the kernel itself does.
	if numbers := strings.Fields(status["NSpid"]); len(numbers) < 3 || numbers[len(numbers)-1] != "1" {
		return fmt.Errorf("process %d is not the first of a kernel", pid)
	}
	launcher := wall.process.Pid
	for at, steps := pid, 0; at > 1 && steps < wallDepth; steps++ {
		if at == launcher {
			return nil
		}
		at, _ = strconv.Atoi(fields(readText(fmt.Sprintf("/proc/%d/status", at)))["PPid"])
	}
	return fmt.Errorf("process %d is not within the wall", pid)
}

// openWorkspace opens the kernel's working folder, /w as the kernel sees it.
// Its own mount namespace says what that is, and no code inside can change it.
func openWorkspace(pid int, uid uint32) (int, error) {
	top, err := unix.Open(fmt.Sprintf("/proc/%d/root", pid), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("the kernel's root: %w", err)
	}
	defer shut(top)
	work, err := unix.Openat2(top, "w", &unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: beneath &^ unix.RESOLVE_NO_XDEV, // it is a mount
	})
	if err != nil {
		return -1, fmt.Errorf("the kernel's working folder: %w", err)
	}
	var system unix.Statfs_t
	var st unix.Stat_t
	err = errors.Join(unix.Fstatfs(work, &system), unix.Fstat(work, &st))
	if err == nil && (system.Type != unix.TMPFS_MAGIC || st.Uid != uid) {
		err = errors.New("the kernel's working folder is not its own")
	}
	if err != nil {
		shut(work)
		return -1, err
	}
	return work, nil
}
