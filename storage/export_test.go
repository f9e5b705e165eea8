package storage

// SyncWith replaces how a path is made durable, so that a test sees or stops
// each step. It returns the real way.
func (v *Vault) SyncWith(sync func(path string) error) (real func(path string) error) {
	v.sync, real = sync, v.sync
	return real
}
