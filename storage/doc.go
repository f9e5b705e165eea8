// Package storage is the Vault: files with a lifetime. It joins the row of a
// file (models) with its bytes (a blob), and keeps the two honest.
//
// Words: a Blob is a file's bytes under a key that comes from its id alone; a
// Sweep takes away the bytes of what is dead; Reconcile compares rows and blobs
// both ways.
//
// Invariants:
//   - a file is ready only after its bytes, its folder and every new parent are
//     synced: who was told that it exists can read it after a power cut;
//   - a row is dead before its blob goes, and a tombstone after: a crash leaves
//     garbage, never a promise without bytes;
//   - every read asks the Store, with owner and clock, before it opens a blob;
//   - bytes are counted and hashed while they are copied; short or long ones are
//     refused, never kept.
//
// Does not belong here: HTTP, previews, what made the file.
package storage
