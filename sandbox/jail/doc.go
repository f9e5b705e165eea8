// Package jail is the real wall: bubblewrap outside, a warm Python parent (the
// zygote) within it, and for each kernel namespaces, a workspace, a cgroup and
// a system call filter of its own.
//
// Words: the warden is the part that needs root (it starts processes as the
// jail's user, owns cgroups, signals kernels and opens their files); where this
// process is not root's, a supervisor holds it and is asked over a socket; a
// ward is a kernel in the warden's charge; the zygote is the warm parent; a link
// is the socket to one kernel; a group is a kernel's cgroup on either version,
// and its guard holds the program to its memory; a line is the zygotes that take
// each other's place; a stone is one part of the wall, as errors name it.
//
// Invariants: there is no path that runs code with a stone missing: Open says
// sandbox.ErrUnavailable. The launcher's environment is empty. Every byte that
// comes from a kernel is hostile. No path made by user code is opened by name
// on the host: files are read below the workspace's own descriptor. The
// supervisor does nothing on the word of whoever asks: it looks itself. A kernel
// serves one owner and is destroyed after use.
//
// Does not belong here: who may run what, storing of output or files, HTTP.
package jail
