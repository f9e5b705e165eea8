package jail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize"

	"mayfly/sandbox"
)

// shelfState is what one kernel has fetched.
type shelfState struct {
	fetched int64 // bytes, over all Execs
}

// errand is one request of the kernel's that takes time: it is answered beside
// the loop, which goes on reading output.
type errand struct {
	asks   bool       // input(); may be given up
	want   chan bool  // whether the kernel wants the bytes of an opened file
	back   chan error // one value at its end
	cancel context.CancelFunc
}

// dropsMax bounds the questions that one Exec asks and does not wait for: only
// a signal in between explains one.
const dropsMax = 1_000

// answerMax bounds the text of an error that is shown to the guest.
const answerMax = 4_000

func (t *turn) send(asks bool, do func(ctx context.Context, e *errand) error) {
	ctx, cancel := context.WithCancel(t.ctx)
	e := &errand{asks: asks, want: make(chan bool, 1), back: make(chan error, 1), cancel: cancel}
	t.errand = e
	t.errands.Go(func() {
		defer cancel()
		e.back <- do(ctx, e)
		t.k.ring()
	})
}

// hear takes the one message that may come while a file is being opened. Any
// other may come only when the answer is out: then the errand is just ending.
func (t *turn) hear(m message) error {
	if m.T == "want" {
		select {
		case t.errand.want <- m.Want:
			return nil
		default:
			return errBreach
		}
	}
	late := time.NewTimer(sayMax)
	defer late.Stop()
	select {
	case err := <-t.errand.back:
		t.closeErrand(err)
		return t.heed(m)
	case <-late.C:
		return errBreach
	}
}

// endErrand looks whether the errand is over.
func (t *turn) endErrand() {
	if t.errand == nil {
		return
	}
	select {
	case err := <-t.errand.back:
		t.closeErrand(err)
	default:
	}
}

// dropErrand gives up a question that was interrupted, and waits until nobody
// works at it.
func (t *turn) dropErrand() error {
	if t.errand == nil {
		return nil
	}
	t.errand.cancel()
	<-t.errand.back
	t.closeErrand(nil)
	if t.dropped++; t.dropped > dropsMax {
		return errBreach
	}
	return nil
}

func (t *turn) closeErrand(err error) {
	t.errand = nil
	t.resume()
	switch {
	case err == nil || errors.Is(err, io.EOF): // the kernel is gone, which the loop will see
	case errors.Is(err, errDeaf):
		t.accuse("stopped reading the interpreter's channel to Mayfly")
	case t.ctx.Err() == nil:
		t.fail(err)
	}
}

// ask puts input()'s question to whoever can answer.
func (t *turn) ask(m message) {
	t.pause()
	t.send(true, func(ctx context.Context, _ *errand) error {
		text, err := t.to.Input(ctx, sandbox.Question{Prompt: cutRunes(valid(m.Prompt), sandbox.PromptMax), Secret: m.Secret})
		if ctx.Err() != nil {
			return nil
		}
		if err == nil && len(text) > sandbox.AnswerMax {
			err = sandbox.Unanswered("input() was given an answer of more than 1 MiB, which is dropped. Put so much into a file and load it with load_file.")
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("ask for input: %w", err)
		}
		return t.k.link.say(answerOf(m.Ask, text, err), birthMax)
	})
}

// answerOf is the message with an answer, or with the reason why there is none.
func answerOf(ask int, text string, none error) map[string]any {
	if none == nil {
		return map[string]any{"t": "answer", "ask": ask, "text": valid(text)}
	}
	answer := map[string]any{"t": "answer", "ask": ask, "text": nil}
	if why := sandbox.Unanswered(""); errors.As(none, &why) {
		answer["why"] = cutBytes(valid(string(why)), answerMax)
	}
	return answer
}

func (t *turn) list() {
	t.send(false, func(ctx context.Context, _ *errand) error {
		files := []any{}
		if t.k.spec.Shelf != nil {
			entries, err := t.k.spec.Shelf.List(ctx)
			if err != nil {
				return t.k.link.say(refusal(err), birthMax)
			}
			for _, e := range entries {
				files = append(files, wire(e))
			}
		}
		return t.k.link.say(map[string]any{"t": "files", "files": files}, birthMax)
	})
}

var errNoShelf = errors.New("There are no files here.") //nolint:staticcheck // shown to people

// open answers load_file: the file's facts, and its bytes when the kernel does
// not hold them yet.
func (t *turn) open(m message) {
	t.send(false, func(ctx context.Context, e *errand) error {
		if t.k.spec.Shelf == nil {
			return t.k.link.say(refusal(errNoShelf), birthMax)
		}
		entry, content, err := t.k.spec.Shelf.Open(ctx, valid(m.Ref))
		if err != nil {
			return t.k.link.say(refusal(err), birthMax)
		}
		defer content.Close()
		if err := t.k.link.say(map[string]any{"t": "file", "file": wire(entry)}, birthMax); err != nil {
			return err
		}
		select {
		case want := <-e.want:
			if !want {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		return t.k.hand(entry, content)
	})
}

// hand sends a file's bytes. Its memory is added to the kernel's limit first.
func (k *kernel) hand(entry sandbox.Entry, content io.Reader) error {
	if k.laidBytes()+k.shelf.fetched+entry.Size > k.limits.InputsMax {
		return k.link.say(refusal(fmt.Errorf("%s would make more than the %s that one run may read",
			entry.Name, humanize.Bytes(uint64(k.limits.InputsMax)))), birthMax)
	}
	k.shelf.fetched += entry.Size
	if err := k.ward.setMemory(k.ceiling()); err != nil {
		return fmt.Errorf("raise the kernel's memory limit: %w", err)
	}
	_, err := k.link.stream(content, entry.Size, birthMax)
	if errors.Is(err, errTooLong) || errors.Is(err, errSource) {
		return k.link.say(refusal(fmt.Errorf("%s could not be read on our side", entry.Name)), birthMax)
	}
	return err
}

func refusal(err error) map[string]any {
	return map[string]any{"t": "error", "error": cutBytes(valid(err.Error()), answerMax)}
}

func wire(e sandbox.Entry) map[string]any {
	return map[string]any{
		"file_id": e.ID, "filename": e.Name, "version": e.Version, "size": e.Size, "type": e.Category,
		"created_at": e.CreatedAt.UTC().Format(time.RFC3339), "expires_at": e.ExpiresAt.UTC().Format(time.RFC3339),
	}
}
