package runner

import (
	"context"
	"fmt"
	"time"

	"mayfly/models"
)

// write is the recorder's writer: one at a time, so that rows come in their
// order. It ends when nothing more will come and all is written, or when it
// cannot be.
func (rec *recorder) write() {
	defer close(rec.ended)
	for {
		select {
		case <-rec.wake:
		case <-rec.over:
			rec.finish()
			return
		}
		if rec.wait(flushEvery) { // more may come: one row and one hint for all of it
			rec.finish()
			return
		}
		if err := rec.flushAll(context.Background()); models.CodeOf(err) == models.Unavailable {
			rec.wait(retryEvery)
			nudge(rec.wake)
		} else if err != nil {
			rec.fail(err)
			return
		}
	}
}

// wait passes time, unless nothing more will come, which it reports.
func (rec *recorder) wait(d time.Duration) (over bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return false
	case <-rec.over:
		return true
	}
}

// leftMax is how much text the last rows may hold that are left to the verdict.
const leftMax = pieceMax

// left reports whether the rest is left to the verdict.
func (rec *recorder) left() bool {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	size := 0
	for _, row := range rec.pending {
		size += bytesOf(row)
	}
	return rec.leaves && len(rec.pending) <= batchRows && size <= leftMax
}

// finish writes the rest, but for what is left to the verdict, and tries for
// finishTime while the database is away.
func (rec *recorder) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	for {
		err := rec.flushChanges(ctx) // it may leave rows
		if err == nil && !rec.left() {
			err = rec.flush(ctx)
		}
		if err == nil {
			return
		}
		if models.CodeOf(err) != models.Unavailable || !pause(ctx, retryEvery) {
			rec.fail(err)
			return
		}
	}
}

func (rec *recorder) fail(err error) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.fault = fmt.Errorf("write output: %w", err)
}

// flushAll writes what earlier runs show now, and what this one said.
func (rec *recorder) flushAll(ctx context.Context) error {
	if err := rec.flushChanges(ctx); err != nil {
		return err
	}
	return rec.flush(ctx)
}

// flush writes all that is pending, in batches. What it could not write stays
// pending; it may have been written all the same, so it stays as it is.
func (rec *recorder) flush(ctx context.Context) error {
	for {
		batch := rec.batch()
		if len(batch) == 0 {
			return nil
		}
		if err := rec.put(ctx, batch); err != nil {
			return err
		}
		rec.written(len(batch))
	}
}

func (rec *recorder) put(ctx context.Context, batch []models.Output) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return rec.store.System().AppendOutputs(ctx, rec.run.ID, batch)
}

// batch is the next rows to write, bounded in number and bytes.
func (rec *recorder) batch() []models.Output {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	n, size := 0, 0
	for n < min(len(rec.pending), batchRows) && size < batchBytes {
		size += bytesOf(rec.pending[n])
		n++
	}
	rec.tried = max(rec.tried, n)
	return rec.pending[:n:n]
}

func (rec *recorder) written(n int) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.pending = rec.pending[n:]
	rec.tried = max(0, rec.tried-n)
	if len(rec.pending) == 0 {
		rec.pending = nil
	}
}
