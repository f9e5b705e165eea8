package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// printMachine says where and when the figures come from.
func printMachine(w io.Writer) {
	var name unix.Utsname
	_ = unix.Uname(&name)
	load, _, _ := strings.Cut(text("/proc/loadavg"), " ")
	memory, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(text("/proc/meminfo"), "MemTotal:")), " ")
	kb, _ := strconv.Atoi(memory)
	fmt.Fprintf(w, "%s: %d cores (%s), %d GB, Linux %s, %s, load %s\n\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		runtime.NumCPU(), field("/proc/cpuinfo", "model name\t:"), kb>>20, unix.ByteSliceToString(name.Release[:]), runtime.Version(), load)
}

// printIdle says what a kernel holds that nobody has used yet. Those are found
// as our processes that are number 1 two namespaces down, which nothing else of
// a Mayfly is.
func printIdle(w io.Writer) error {
	parents, _ := processes()
	var found, private, shared, tables, group int
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return err
	}
	for _, e := range entries {
		pid, _ := strconv.Atoi(e.Name())
		pids := strings.Fields(field("/proc/"+e.Name()+"/status", "NSpid:"))
		if len(pids) < 3 || pids[len(pids)-1] != "1" || !descends(parents, pid, os.Getpid()) {
			continue
		}
		smaps := "/proc/" + e.Name() + "/smaps_rollup"
		found++
		private += kilobytes(smaps, "Private_Dirty:") + kilobytes(smaps, "Private_Clean:")
		shared += kilobytes(smaps, "Pss:")
		tables += kilobytes("/proc/"+e.Name()+"/status", "VmPTE:")
		group += groupBytes(e.Name()) >> 10
	}
	if found == 0 {
		return nil
	}
	mb := func(kb int) float64 { return float64(kb) / float64(found) / 1024 }
	fmt.Fprintf(w, "%d ready kernels, MB each: %.2f private, %.2f page tables, %.2f PSS, %.2f counted by its cgroup\n\n",
		found, mb(private), mb(tables), mb(shared), mb(group))
	return nil
}

func kilobytes(path, name string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(field(path, name), " kB"))
	return n
}

// groupBytes is what the memory controller counts for a process's group.
func groupBytes(pid string) int {
	for line := range strings.Lines(text("/proc/" + pid + "/cgroup")) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 || (parts[1] != "" && parts[1] != "memory") {
			continue
		}
		for _, path := range []string{"/sys/fs/cgroup/memory" + parts[2] + "/memory.usage_in_bytes", "/sys/fs/cgroup" + parts[2] + "/memory.current"} {
			if n, err := strconv.Atoi(strings.TrimSpace(text(path))); err == nil {
				return n
			}
		}
	}
	return 0
}

// field is what stands behind a name at the beginning of a line.
func field(path, name string) string {
	for line := range strings.Lines(text(path)) {
		if value, ok := strings.CutPrefix(line, name); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func text(path string) string {
	content, _ := os.ReadFile(path)
	return string(content)
}
