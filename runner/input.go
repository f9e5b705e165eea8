package runner

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/sandbox"
)

// inputWait is how long input() waits for its answer where nothing else is set.
const inputWait = 10 * time.Minute

// dots stand in the output for an answer that is not shown, whatever its length.
const dots = "••••••••"

// asker is the sandbox's IO for one Exec: a recorder that also puts what input()
// asks to the run's owner, in whose book of record any node finds it.
type asker struct {
	*recorder
	hub     *events.Hub
	wait    time.Duration
	read    int            // bytes of the run's input that were given out
	number  int            // of the last question; the sandbox asks one at a time
	alone   bool           // a question was not answered: nobody is there
	closing sync.WaitGroup // questions that are being forgotten
}

func (r *Runner) newAsker(run *models.Run, earlier *displays) *asker {
	return &asker{recorder: newRecorder(r.Store, run, earlier), hub: r.Hub, wait: r.InputWait}
}

// Input asks the owner and returns the answer, or why there is none. A
// run from a surface that shows no questions gets none, and a run that was left
// alone once is not waited for again: it would hold its place for ever.
func (a *asker) Input(ctx context.Context, asked sandbox.Question) (string, error) {
	if a.run.Source != models.FromWeb {
		return a.fromStdin(asked.Prompt)
	}
	if a.alone {
		return "", a.unanswered()
	}
	a.number++
	q := models.Question{RunID: a.run.ID, Number: a.number, Prompt: asked.Prompt, Secret: asked.Secret}
	answered, err := a.ask(ctx, q)
	switch {
	case err != nil:
		return "", err
	case answered == nil:
		a.alone = true
		return "", a.end(q, fmt.Sprintf("Mayfly: nobody answered within %s, so the input ended here. Further questions are not waited for.\n",
			inWords(a.wait)), a.unanswered())
	case answered.Answer == nil:
		return "", a.end(q, "Mayfly: the input was ended here.\n", errInputEnded)
	case q.Secret:
		return *answered.Answer, a.echo(q, dots)
	}
	return *answered.Answer, a.echo(q, *answered.Answer)
}

// fromStdin takes the next line of the input that the run was queued with. The
// prompt is written as a program writes it whose input is no terminal.
func (a *asker) fromStdin(prompt string) (string, error) {
	if a.run.Stdin == "" {
		return "", errNobodyThere
	}
	if prompt != "" {
		if err := a.Emit(sandbox.Output{Stream: sandbox.Stdout, Text: prompt}); err != nil {
			return "", err
		}
	}
	rest := a.run.Stdin[min(a.read, len(a.run.Stdin)):]
	if rest == "" {
		return "", errInputEnded
	}
	line, _, _ := strings.Cut(rest, "\n")
	a.read += len(line) + 1
	return strings.TrimSuffix(line, "\r"), nil
}

// ask returns the question with its answer, or nil when nobody gave one in time.
func (a *asker) ask(ctx context.Context, q models.Question) (*models.Question, error) {
	changes := a.hub.Watch(events.OfUser(a.run.UserID))
	defer changes.Close()
	if err := a.put(ctx, q); err != nil {
		return nil, err
	}
	defer a.closing.Go(func() { a.forget(q) })
	late := time.NewTimer(a.wait)
	defer late.Stop()
	for over := false; ; {
		var again <-chan time.Time // no hint comes from a database that is away
		now, err := a.store.System().Question(ctx, q.RunID, q.Number)
		switch {
		case over && (err != nil || now == nil || now.AnsweredAt == nil):
			return nil, nil
		case models.CodeOf(err) == models.Unavailable:
			again = time.After(retryEvery)
		case err != nil || now == nil || now.AnsweredAt != nil:
			return now, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-late.C:
			over = true
		case <-changes.C:
		case <-again:
		}
	}
}

// put writes the question down, and tries again while the database is away.
func (a *asker) put(ctx context.Context, q models.Question) error {
	for {
		err := a.store.System().Ask(ctx, a.run, q, a.wait)
		if models.CodeOf(err) != models.Unavailable {
			return err
		}
		if !pause(ctx, retryEvery) {
			return ctx.Err()
		}
	}
}

// forget takes the question and its answer away, beside the run, which goes on
// meanwhile. What cannot be forgotten now is at the run's end.
func (a *asker) forget(q models.Question) {
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	for {
		err := a.store.System().CloseQuestion(ctx, a.run, q.Number)
		if models.CodeOf(err) != models.Unavailable || !pause(ctx, retryEvery) {
			return
		}
	}
}

// echo writes the question and its answer down as a terminal shows them.
func (a *asker) echo(q models.Question, answer string) error {
	return a.Emit(sandbox.Output{Stream: sandbox.Stdout, Text: q.Prompt + answer + "\n"})
}

// end is the end of the input, with the reason for the owner and for the code.
func (a *asker) end(q models.Question, why string, none sandbox.Unanswered) error {
	if err := a.echo(q, ""); err != nil {
		return err
	}
	if err := a.Emit(sandbox.Output{Stream: sandbox.Note, Text: why}); err != nil {
		return err
	}
	return none
}

// What an EOFError says: what happened, and what to do.
const (
	errNobodyThere = sandbox.Unanswered("input() found nobody to answer: the run was given no input. Send stdin along, put the value into the code, or run it on the web page.")
	errInputEnded  = sandbox.Unanswered("input() got the end of the input instead of an answer.")
)

func (a *asker) unanswered() sandbox.Unanswered {
	return sandbox.Unanswered(fmt.Sprintf("input() found nobody to answer within %s. Run it again and answer in time, or put the value into the code.", inWords(a.wait)))
}

// settle is the recorder's, once no question is open any more.
func (a *asker) settle(leaves bool) (last []models.Output, kept int64, err error) {
	a.closing.Wait()
	return a.recorder.settle(leaves)
}

// inWords is a wait for people: 10 minutes, 2 seconds.
func inWords(d time.Duration) string {
	if d >= time.Minute && d%time.Minute == 0 {
		return counted(int(d/time.Minute), "minute")
	}
	return counted(int(d.Round(time.Second)/time.Second), "second")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
