package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// descendants maps every living process that pid started, directly or not, to
// the moment it was born, so that a number given out again is not mistaken.
func descendants(pid int) map[int]string {
	family := map[int]string{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for grown := true; grown; {
		grown = false
		for _, stat := range stats {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			fields := statOf(child)
			if fields == nil || family[child] != "" {
				continue
			}
			parent, _ := strconv.Atoi(fields[1])
			if parent == pid || family[parent] != "" {
				family[child], grown = fields[19], true
			}
		}
	}
	return family
}

// processAt is when the process of this number was born, "" when there is none
// or only its exit code is left, and its name.
func processAt(pid int) (born, name string) {
	fields := statOf(pid)
	if fields == nil || fields[0] == "Z" {
		return "", ""
	}
	comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return fields[19], strings.TrimSpace(string(comm))
}

// statOf are the fields of /proc/pid/stat from the state on (proc(5): the
// third), nil when the process is gone.
func statOf(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
}
