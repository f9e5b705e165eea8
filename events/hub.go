package events

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/models"
)

// Topic is one thing to watch.
type Topic string

// OfRun watches one run.
func OfRun(id models.RunID) Topic { return Topic("run:" + string(id)) }

// OfUser watches everything that changes for one person.
func OfUser(id models.UserID) Topic { return Topic("user:" + string(id)) }

// OfNotebook watches one notebook: its text, its runs and its kernel.
func OfNotebook(id models.NotebookID) Topic { return Topic("notebook:" + string(id)) }

// OfKernel watches for a kernel's end from outside.
func OfKernel(id models.KernelID) Topic { return Topic("kernel:" + string(id)) }

// OfToken watches a token being revoked.
func OfToken(id models.TokenID) Topic { return Topic("token:" + string(id)) }

// Hub listens for hints on one connection of the pool.
type Hub struct {
	pool   *pgxpool.Pool
	logger *slog.Logger
	cancel context.CancelFunc
	ended  chan struct{}

	mu      sync.Mutex
	watches map[Topic]map[*Watch]bool
}

// Watch is woken when one of its topics may have changed.
type Watch struct {
	// C holds at most one wake-up: however many hints came, one look is due.
	C      <-chan struct{}
	wake   chan struct{}
	hub    *Hub
	topics []Topic
}

// Listen starts a hub. It returns once the first LISTEN stands, so that nothing
// committed afterwards is missed. Close ends it.
func Listen(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) (*Hub, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+models.HintChannel()); err != nil {
		conn.Release()
		return nil, err
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h := &Hub{pool: pool, logger: logger, cancel: cancel, ended: make(chan struct{}), watches: map[Topic]map[*Watch]bool{}}
	go h.run(own, conn)
	return h, nil
}

// Close stops listening and waits until the connection is given back.
func (h *Hub) Close() {
	h.cancel()
	<-h.ended
}

// Watch registers for topics. Read the rows after calling it, then wait on C.
func (h *Hub) Watch(topics ...Topic) *Watch {
	wake := make(chan struct{}, 1)
	w := &Watch{C: wake, wake: wake, hub: h, topics: topics}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		if h.watches[topic] == nil {
			h.watches[topic] = map[*Watch]bool{}
		}
		h.watches[topic][w] = true
	}
	return w
}

// Close ends the watch. It may be called more than once.
func (w *Watch) Close() {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	for _, topic := range w.topics {
		delete(w.hub.watches[topic], w)
		if len(w.hub.watches[topic]) == 0 {
			delete(w.hub.watches, topic)
		}
	}
}

// retry is how long the hub waits between attempts to listen again.
const retry = 250 * time.Millisecond

// run receives until Close. A connection that fails is replaced.
func (h *Hub) run(ctx context.Context, conn *pgxpool.Conn) {
	defer close(h.ended)
	for ctx.Err() == nil {
		if conn != nil {
			err := h.receive(ctx, conn)
			conn.Conn().Close(context.WithoutCancel(ctx)) // it still listens: it must not go back to the pool
			conn.Release()
			if ctx.Err() == nil {
				h.logger.Warn("listening for hints failed, trying again", "cause", err)
			}
		}
		conn = h.again(ctx)
	}
	if conn != nil {
		conn.Conn().Close(context.WithoutCancel(ctx))
		conn.Release()
	}
}

func (h *Hub) receive(ctx context.Context, conn *pgxpool.Conn) error {
	for {
		n, err := conn.Conn().WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var hint models.Hint
		if err := json.Unmarshal([]byte(n.Payload), &hint); err != nil {
			h.logger.Warn("a hint could not be read", "cause", err)
			continue
		}
		h.wake(hint)
	}
}

// again listens on a new connection and wakes everybody: hints may have been
// missed.
func (h *Hub) again(ctx context.Context) *pgxpool.Conn {
	timer := time.NewTimer(retry)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-timer.C:
	}
	conn, err := h.pool.Acquire(ctx)
	if err != nil {
		return nil
	}
	if _, err := conn.Exec(ctx, "LISTEN "+models.HintChannel()); err != nil {
		conn.Release()
		return nil
	}
	h.wakeAll()
	return conn
}

func (h *Hub) wake(hint models.Hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range []Topic{OfRun(hint.Run), OfUser(hint.User), OfNotebook(hint.Notebook), OfKernel(hint.Kernel)} {
		for w := range h.watches[topic] {
			w.nudge()
		}
	}
	for w := range h.watches[OfToken(hint.Token)] {
		w.nudge()
	}
}

func (h *Hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, watches := range h.watches {
		for w := range watches {
			w.nudge()
		}
	}
}

func (w *Watch) nudge() {
	select {
	case w.wake <- struct{}{}:
	default: // one wake-up is waiting already
	}
}
