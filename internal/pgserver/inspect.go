package pgserver

import "os"

// Inspect looks, and changes nothing: whether there is a cluster already, and
// whether this machine has the PostgreSQL to run it.
func Inspect(c Config) (there bool, err error) {
	if err := c.check(); err != nil {
		return false, err
	}
	_, missing := os.Lstat(c.cluster())
	_, err = binaries(c)
	return missing == nil, err
}
