package pgserver

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
)

// keptLines bounds what is remembered of the server's log, for the error of a
// start that fails.
const keptLines = 20

// warnings takes the server's log line by line: it goes on to ours, and its
// last lines are kept.
type warnings struct {
	logger *slog.Logger

	mu   sync.Mutex
	rest []byte
	last []string
}

// Write takes a piece of the log; lines may span pieces.
func (w *warnings) Write(piece []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, piece...)
	for {
		line, rest, whole := bytes.Cut(w.rest, []byte("\n"))
		if !whole {
			return len(piece), nil
		}
		w.rest = rest
		w.take(string(line))
	}
}

// take hands on what an operator wants to know, not each start and stop.
func (w *warnings) take(line string) {
	w.last = append(w.last, line)
	if len(w.last) > keptLines {
		w.last = w.last[1:]
	}
	if strings.Contains(line, "the database system is starting up") {
		return // what our own question whether it is ready is answered with
	}
	for _, word := range []string{"WARNING:", "ERROR:", "FATAL:", "PANIC:"} {
		if strings.Contains(line, word) {
			w.logger.Warn("postgres", "said", line)
			return
		}
	}
}

func (w *warnings) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.last, "\n")
}
