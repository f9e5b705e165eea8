package handlers

import (
	"context"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"mayfly/exchange"
	"mayfly/models"
)

// importReader reads imported files. A file takes about five times its size in
// memory while it is read, so only so many are at once; until its turn comes it
// waits on disk, however slowly it arrives. The zero value is ready.
type importReader struct {
	once sync.Once
	room *semaphore.Weighted
}

const (
	importRoom = 2 * exchange.MaxFile // bytes of files that are read at once
	importWait = 15 * time.Second     // for a turn; the answer has 30 s
)

// read makes a notebook of a file as it arrives. Busy means that too many others
// are read.
func (i *importReader) read(ctx context.Context, name string, content io.Reader) (models.NewNotebook, error) {
	held, err := os.CreateTemp("", "mayfly-import-")
	if err != nil {
		return models.NewNotebook{}, err
	}
	defer held.Close()
	if err := os.Remove(held.Name()); err != nil { // its bytes stay until it is closed
		return models.NewNotebook{}, err
	}
	size, err := io.Copy(held, io.LimitReader(content, exchange.MaxFile+1))
	if err != nil {
		return models.NewNotebook{}, err
	}
	i.once.Do(func() { i.room = semaphore.NewWeighted(importRoom) })
	waiting, end := context.WithTimeout(ctx, importWait)
	defer end()
	if i.room.Acquire(waiting, size) != nil {
		return models.NewNotebook{}, &models.Error{Code: models.Busy, Message: "Many large notebooks are being imported. Try this one again in a moment."}
	}
	defer i.room.Release(size)
	text := make([]byte, size)
	if _, err := held.ReadAt(text, 0); err != nil && size > 0 {
		return models.NewNotebook{}, err
	}
	return exchange.Read(name, text)
}
