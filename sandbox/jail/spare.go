package jail

import (
	"errors"
	"strings"
)

// Spare is what the machine has available, less the reserve that is not the
// kernels'. It tells of a shortage before the limit of all kernels together is
// reached, as that is the whole memory less the same reserve, and whoever the
// memory went to. Files in a workspace count as taken, as they are.
func (j *Jail) Spare() (int64, error) {
	total, available, err := machineMemory()
	return available - reserveOf(total), err
}

// reserveOf is what stays for the database, the server and the system.
func reserveOf(total int64) int64 { return max(512<<20, total/8) }

func machineMemory() (total, available int64, err error) {
	info := strings.NewReplacer(":", "", " kB", "").Replace(readText("/proc/meminfo"))
	total, available = readField(info, "MemTotal")<<10, readField(info, "MemAvailable")<<10
	if total <= 0 || available <= 0 {
		return 0, 0, errors.New("/proc/meminfo does not tell the machine's memory")
	}
	return total, available, nil
}
