package jail

import (
	"context"
	"fmt"
	"time"

	"mayfly/sandbox"
)

// State is what the jail says of itself.
type State struct {
	Ready    bool
	Refused  bool          // a stone is missing: nothing may run
	Words    string        // "" when ready: why a run has to wait, or why none can start
	Warm     time.Duration // how long the last warm-up took
	RSS      int64         // bytes of the warm parent
	Packages []Package     // what user code may import
	Missing  []string      // modules of the stack that are not installed

	cause error // of Refused
}

// Package is one installed Python package.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

const warmingWords = "Python is still warming up: runs wait a few seconds and then start by themselves."

// State tells whether runs can start.
func (j *Jail) State() State {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.state
}

// become tells everybody who waits of a change.
func (j *Jail) become(s State, z *zygote) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if s.Packages == nil {
		s.Packages, s.Missing = j.state.Packages, j.state.Missing
	}
	j.state, j.zygote = s, z
	close(j.changed)
	j.changed = make(chan struct{})
}

func refused(err error) State {
	return State{Refused: true, Words: fmt.Sprintf("Runs are refused on this machine: %v.", err), cause: err}
}

// AwaitReady waits while the jail is warming up. Its error names the stone that
// is missing.
func (j *Jail) AwaitReady(ctx context.Context) error {
	_, err := j.awaitZygote(ctx)
	return err
}

func (j *Jail) awaitZygote(ctx context.Context) (*zygote, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		j.mu.Lock()
		state, z, changed, closed := j.state, j.zygote, j.changed, j.closed
		j.mu.Unlock()
		switch {
		case closed:
			return nil, errJailClosed
		case state.Refused:
			return nil, fmt.Errorf("%w: %w", sandbox.ErrUnavailable, state.cause)
		case state.Ready:
			return z, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: %w", warmingWords, ctx.Err())
		}
	}
}
