package runner_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit/node"
	"mayfly/models"
)

// asks waits until a run asks the question of that number.
func asks(t *testing.T, n *node.Node, run *models.Run, number int) (q *models.Question) {
	t.Helper()
	n.Until(t, run, "its question", func() bool {
		var err error
		if q, err = n.Store.Question(t.Context(), run.UserID, run.ID); err != nil {
			t.Fatal(err)
		}
		return q != nil && q.Number == number
	})
	return q
}

func answer(t *testing.T, n *node.Node, run *models.Run, number int, text string) {
	t.Helper()
	asks(t, n, run, number)
	if err := n.Store.Answer(t.Context(), run.UserID, run.ID, number, &text); err != nil {
		t.Fatal(err)
	}
}

func TestInputAsksTheOwnerOnAnyNode(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	web := node.New(t, node.Config{Name: "web", Pool: n.Pool, Blobs: n.Blobs})
	run := n.Queue(t, owner, "name = input('Who? ')\nage = input()\nprint('hello', name, repr(age))")
	if q := asks(t, n, run, 1); q.Prompt != "Who? " || q.Secret || q.Until.Sub(q.AskedAt) != 10*time.Minute {
		t.Errorf("it asks %+v", q)
	}
	long := strings.Repeat("é", models.MaxAnswer/2)
	answer(t, web, run, 1, long)
	answer(t, web, run, 2, "")
	mustEnd(t, n.Await(t, run), models.OK, 0)
	if out := n.Said(t, run, "stdout"); out != "Who? "+long+"\n\nhello "+long+" ''\n" {
		t.Errorf("the transcript: %.200q", out)
	}
	if left := count(t, n.Pool, "SELECT count(*) FROM questions"); left != 0 {
		t.Errorf("%d answers are kept", left)
	}
}

func TestWhatGetpassIsToldIsNotKept(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Queue(t, owner, "from getpass import getpass\nname = input('Password? ')\nkey = getpass('Name? ')\nprint(name, len(key))")
	if asks(t, n, run, 1).Secret {
		t.Error("input() is taken for getpass")
	}
	answer(t, n, run, 1, "Ada")
	if !asks(t, n, run, 2).Secret {
		t.Error("getpass is not secret")
	}
	answer(t, n, run, 2, "hunter2")
	mustEnd(t, n.Await(t, run), models.OK, 0)
	if out := n.Said(t, run, "stdout"); out != "Password? Ada\nName? ••••••••\nAda 7\n" {
		t.Errorf("the transcript: %q", out)
	}
	if kept := count(t, n.Pool, "SELECT count(*) FROM outputs WHERE text LIKE '%hunter2%'") + count(t, n.Pool, "SELECT count(*) FROM questions"); kept != 0 {
		t.Error("the secret is in the database")
	}
}

// The wait is longer than the wall limit, by the database's own account.
func TestTheWallLimitStandsStillForAQuestion(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run, err := n.Runner.Submit(t.Context(), owner, models.NewRun{Code: "print(input('? '))", Source: models.FromWeb, Wall: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	asks(t, n, run, 1)
	exec(t, n.Pool, "SELECT pg_sleep(1.5)") // the database is what waits
	now, err := n.Store.Run(t.Context(), owner, run.ID)
	if err != nil || now.State != models.Running || now.StoodStill() < 1500*time.Millisecond {
		t.Errorf("after the limit: %+v, %v", now, err)
	}
	answer(t, n, run, 1, "x")
	done := n.Await(t, run)
	mustEnd(t, done, models.OK, 0)
	if done.Wall >= time.Second {
		t.Errorf("the wait counts: %v", done.Wall)
	}
}

func TestNobodyAnswersAndTheRunGoesOn(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{InputWait: time.Second})
	run := n.Do(t, owner, "for i in range(3):\n    try:\n        input('Who? ')\n    except EOFError as e:\n        print(i, e)")
	mustEnd(t, run, models.OK, 0)
	out := n.Said(t, run, "stdout")
	if !strings.HasPrefix(out, "Who? \n0 input() found nobody to answer within 1 second. Run it again") || strings.Count(out, "nobody") != 3 || strings.Count(out, "Who?") != 1 {
		t.Errorf("stdout: %q", out)
	}
	if notes := n.Said(t, run, "note"); !strings.Contains(notes, "nobody answered within 1 second") {
		t.Errorf("note: %q", notes)
	}
}

func TestTheOwnerEndsTheInput(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Queue(t, owner, "import sys\nprint(sys.stdin.read().upper())")
	answer(t, n, run, 1, "one")
	answer(t, n, run, 2, "two")
	asks(t, n, run, 3)
	if err := n.Store.Answer(t.Context(), owner, run.ID, 3, nil); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, run), models.OK, 0)
	if out := n.Said(t, run, "stdout"); out != "one\ntwo\n\nONE\nTWO\n\n" {
		t.Errorf("stdout: %q", out)
	}
}

// Only the web shows questions.
func TestWhereNobodyCanAnswerInputEndsAtOnce(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run, err := n.Runner.Submit(t.Context(), owner, models.NewRun{Code: "input('Who? ')", Source: models.FromCLI})
	if err != nil {
		t.Fatal(err)
	}
	done := n.Await(t, run)
	mustEnd(t, done, models.Raised, 1)
	if !strings.HasPrefix(done.Exception, "EOFError: input() found nobody to answer: the run was given no input. Send stdin along") {
		t.Errorf("it raised %q", done.Exception)
	}
}

func TestAStopIsHeardWhileARunAsks(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Queue(t, owner, "try:\n    input('Who? ')\nexcept KeyboardInterrupt:\n    print('caught')\nprint(input('Again? '))")
	asks(t, n, run, 1)
	if err := n.Runner.Interrupt(t.Context(), owner, run.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, run), models.Interrupted, 130)
	if out := n.Said(t, run, "stdout"); out != "caught\n" {
		t.Errorf("stdout: %q", out)
	}
	if left := count(t, n.Pool, "SELECT count(*) FROM questions"); left != 0 {
		t.Error("the box outlives the run")
	}
	text := "late"
	if err := n.Store.Answer(t.Context(), owner, run.ID, 1, &text); models.CodeOf(err) != models.Conflict {
		t.Errorf("a late answer: %v", err)
	}
}
