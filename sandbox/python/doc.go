// Package python holds what runs inside the jail: the zygote that loads the
// stack once, the kernel that serves one owner's cells, and the module behind
// load_file, get_file_path and list_files. The zygote's fork loop is C
// (nursery/nursery.c); make setup compiles it into the runtime.
//
// Words: the host is package jail; the zygote is the warm parent; the channel
// is the one socket between a kernel and the host (PROTOCOL.md).
//
// Invariants: the zygote never sees user code and stays at one thread; nothing
// in these files is trusted by the host once user code has run beside it.
//
// Does not belong here: Go code beyond the embedding, secrets, host paths.
package python

import (
	"crypto/sha256"
	"embed"
	"fmt"
)

// Files are the modules of the package that the jail lays at /opt/guest/mayfly.
//
//go:embed *.py
var Files embed.FS

//go:embed nursery/nursery.c
var nursery []byte

// Nursery is where in a runtime the compiled fork loop of this very source lies.
// The name carries the source's hash, so a runtime without the file is one that
// make setup has to bring up to date (scripts/setup-python.sh makes the name too).
func Nursery() string {
	return fmt.Sprintf("mayfly/nursery-%.8x.so", sha256.Sum256(nursery))
}
