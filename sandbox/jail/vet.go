package jail

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func (c *charge) vet() error {
	records := fmt.Sprintf("/proc/%d/", c.pid)
	status := fields(readText(records + "status"))
	id := fmt.Sprint(c.uid)
	for name, want := range map[string]string{
		"Seccomp": "2", "NoNewPrivs": "1", "CapInh": noCapability, "CapPrm": noCapability, "CapEff": noCapability,
		"CapBnd": noCapability, "CapAmb": noCapability, "Uid": strings.Join([]string{id, id, id, id}, " "), "Threads": "1",
	} {
		if status[name] != want {
			return fmt.Errorf("%s of the kernel's process is %q, not %q", name, status[name], want)
		}
	}
	for _, kind := range []string{"user", "pid", "mnt", "net", "ipc", "uts", "cgroup"} {
		ours, err1 := os.Readlink("/proc/self/ns/" + kind)
		its, err2 := os.Readlink(records + "ns/" + kind)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if ours == its {
			return fmt.Errorf("no %s namespace of its own", kind)
		}
	}
	if !strings.Contains(readText(records+"cgroup"), fmt.Sprintf("/kernel-%d", c.id)) {
		return errors.New("the kernel is not in its cgroup")
	}
	return nil
}

const noCapability = "0000000000000000"

// fields reads "Name:\tvalue" lines, with one space between the words of a
// value.
func fields(text string) map[string]string {
	found := map[string]string{}
	for line := range strings.SplitSeq(text, "\n") {
		name, value, _ := strings.Cut(line, ":")
		found[name] = strings.Join(strings.Fields(value), " ")
	}
	return found
}
