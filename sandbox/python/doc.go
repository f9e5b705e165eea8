// Package python holds what runs inside the jail: the zygote that loads the
// stack once, the kernel that serves one owner's cells, and the module behind
// load_file, get_file_path and list_files.
//
// Words: the host is package jail; the zygote is the warm parent; the channel
// is the one socket between a kernel and the host (PROTOCOL.md).
//
// Invariants: the zygote never sees user code and stays at one thread; nothing
// in these files is trusted by the host once user code has run beside it.
//
// Does not belong here: Go code beyond the embedding, secrets, host paths.
package python

import "embed"

// Files are the modules of the package that the jail lays at /opt/guest/mayfly.
//
//go:embed *.py
var Files embed.FS
