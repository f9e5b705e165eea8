// Package migrations holds the schema as numbered SQL files that only go
// forward. A file that has been released is never edited: the next one mends it.
//
// Does not belong here: River's own tables, which package jobs migrates.
package migrations

import "embed"

// Files are the migrations in goose's format.
//
//go:embed *.sql
var Files embed.FS
