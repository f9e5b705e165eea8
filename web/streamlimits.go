package web

import (
	"context"
	"sync"
	"time"

	"mayfly/models"
)

// StreamLimits bound the event streams of this process. A zero field takes its
// default: SEC-20, and for All the 2 000 streams that one process has to hold
// with a quarter to spare.
type StreamLimits struct {
	PerSession int           // 5 open at once
	PerUser    int           // 10 open at once
	All        int           // 2500 open at once
	Beat       time.Duration // 12 s: a comment, so that dead connections show
	Recheck    time.Duration // 25 s: the session is asked for again
}

func (c StreamLimits) orDefaults() StreamLimits {
	if c.PerSession <= 0 {
		c.PerSession = 5
	}
	if c.PerUser <= 0 {
		c.PerUser = 10
	}
	if c.All <= 0 {
		c.All = 2500
	}
	if c.Beat <= 0 {
		c.Beat = 12 * time.Second
	}
	if c.Recheck <= 0 {
		c.Recheck = 25 * time.Second
	}
	return c
}

// streams knows every open stream of this process, so that a logout can end
// those of its session at once.
type streams struct {
	limits StreamLimits

	mu        sync.Mutex
	closed    bool
	open      int
	bySession map[string]map[*ender]bool // by the session's hash
	byUser    map[models.UserID]int
}

type ender struct{ end context.CancelFunc }

func newStreams(limits StreamLimits) *streams {
	return &streams{
		limits:    limits.orDefaults(),
		bySession: map[string]map[*ender]bool{},
		byUser:    map[models.UserID]int{},
	}
}

// enter counts a stream in. leave counts it out and may be called once.
func (st *streams) enter(session string, user models.UserID, end context.CancelFunc) (leave func(), err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	switch {
	case st.closed || st.open >= st.limits.All:
		return nil, errStreamsFull
	case len(st.bySession[session]) >= st.limits.PerSession || st.byUser[user] >= st.limits.PerUser:
		return nil, errTooManyStreams
	}
	e := &ender{end}
	if st.bySession[session] == nil {
		st.bySession[session] = map[*ender]bool{}
	}
	st.bySession[session][e] = true
	st.byUser[user]++
	st.open++
	return func() { st.leave(session, user, e) }, nil
}

func (st *streams) leave(session string, user models.UserID, e *ender) {
	st.mu.Lock()
	defer st.mu.Unlock()
	delete(st.bySession[session], e)
	if len(st.bySession[session]) == 0 {
		delete(st.bySession, session)
	}
	if st.byUser[user]--; st.byUser[user] == 0 {
		delete(st.byUser, user)
	}
	st.open--
}

// endSession ends the streams of one session.
func (st *streams) endSession(session string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for e := range st.bySession[session] {
		e.end()
	}
}

// close ends every stream and lets none in again.
func (st *streams) close() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.closed = true
	for _, open := range st.bySession {
		for e := range open {
			e.end()
		}
	}
}
