package sandbox

import "errors"

// ErrUnavailable is returned by Open when the wall is not whole here: a kernel
// feature is missing or the self-test failed. Wrapping errors say which stone.
var ErrUnavailable = errors.New("the sandbox is not available on this machine")
