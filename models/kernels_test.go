package models_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestAKernelIsARowThatEveryNodeReads(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b")
	if look(t, s, n).Kernel != nil {
		t.Fatal("a new notebook has a kernel")
	}
	runs := queueCells(t, s, n, models.AllCells, "")
	run, err := s.System().BeginRun(t.Context(), runs[0].ID, "n1")
	mustDo(t, err)
	opened, before, err := s.System().OpenKernel(t.Context(), run, "n1")
	if err != nil || before != nil || run.KernelID != nil {
		t.Fatalf("the first kernel comes after %+v, the run knew of %v: %v", before, run.KernelID, err)
	}
	if k := look(t, s, n).Kernel; !k.Alive() || !k.Busy || k.Left() != 0 || k.IdleFor() != 0 || k.Node != "n1" {
		t.Errorf("while its first run goes on: %+v", k)
	}
	use := models.KernelUse{ID: opened.ID, Names: models.NamesOf([]string{"df", "x"}), Idle: time.Minute}
	mustDo(t, s.System().FinishRun(t.Context(), run, models.Verdict{Ending: models.OK, Kernel: &use}))
	exec(t, pool, "UPDATE kernels SET used_at = used_at - interval '9 s', idle_until = idle_until - interval '9 s'")
	k, err := s.Kernel(t.Context(), n.UserID, n.ID)
	if err != nil || k.Busy || k.Names != "df, x" || k.Left() > 51*time.Second || k.Left() < 20*time.Second || k.IdleFor() < 9*time.Second {
		t.Errorf("while it is idle: %+v %v", k, err)
	}
	next, err := s.System().BeginRun(t.Context(), runs[1].ID, "n1")
	if err != nil || next.KernelID == nil || *next.KernelID != opened.ID {
		t.Errorf("the next run knows of %v (%v)", next.KernelID, err)
	}
	use.Ended = models.KernelEnd(models.OutOfMemory)
	mustDo(t, s.System().FinishRun(t.Context(), next, models.Verdict{Ending: models.OutOfMemory, Kernel: &use}))
	k = look(t, s, n).Kernel
	if k.Alive() || k.Why != "out_of_memory" || !strings.Contains(k.Sentence(), "out of memory") || !strings.Contains(k.Lost(), "df, x.") {
		t.Errorf("after its end: %+v, %q %q", k, k.Sentence(), k.Lost())
	}
}

func TestEveryEndOfAKernelHasItsSentence(t *testing.T) {
	t.Parallel()
	seen := map[string]models.KernelEnd{}
	now := time.Now()
	for _, why := range []models.KernelEnd{
		models.EndedIdle, models.EndedRestarted, models.EndedDeleted, models.EndedForRoom, models.EndedEvicted, models.EndedStopped,
		models.EndedLost, models.EndedKilled, "out_of_memory", "timed_out", "interrupted", "output_cap",
	} {
		said := models.Kernel{Why: why, UsedAt: now.Add(-15 * time.Minute), EndedAt: &now}.Sentence()
		if other, twice := seen[said]; twice || !strings.HasSuffix(said, ".") || strings.Contains(said, ": .") {
			t.Errorf("%s says %q, as %s does", why, said, other)
		}
		seen[said] = why
	}
}

func TestNamesOfVariablesAreBounded(t *testing.T) {
	t.Parallel()
	if got := models.NamesOf(nil); got != "" {
		t.Errorf("none is %q", got)
	}
	many := models.NamesOf(append([]string{"a\x00"}, strings.Split(strings.Repeat("variable ", 1000), " ")...))
	if len(many) > 600 || !strings.HasSuffix(many, " more") || strings.Contains(many, "\x00") {
		t.Errorf("many are %q", many)
	}
}

func TestAThirdNotebookTakesTheKernelThatWasIdleLongest(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, other := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	use := func(n *models.Notebook) { finish(t, s, queueCells(t, s, n, models.AllCells, "")[0].ID, "n1", ok()) }
	theirs := notebook(t, s, other, "theirs")
	use(theirs)
	first, second, third := notebook(t, s, owner, "1"), notebook(t, s, owner, "2"), notebook(t, s, owner, "3")
	use(first)
	use(second)
	use(first) // the second is idle longer now
	use(third)
	for n, want := range map[*models.Notebook]models.KernelEnd{first: "", second: models.EndedForRoom, third: "", theirs: ""} {
		if got := look(t, s, n).Kernel.Why; got != want {
			t.Errorf("the kernel of %q ended %q, not %q", texts(n), got, want)
		}
	}
	// One that a run waits for or goes on in is never taken.
	runs := queueCells(t, s, first, models.AllCells, "")
	exec(t, pool, "UPDATE kernels SET used_at = used_at - interval '1 h' WHERE notebook_id = '"+string(first.ID)+"'")
	use(second)
	if look(t, s, first).Kernel.Why != "" || look(t, s, third).Kernel.Why != models.EndedForRoom {
		t.Errorf("the kernel that a run waits for was taken: %+v", look(t, s, first).Kernel)
	}
	finish(t, s, runs[0].ID, "n1", ok())
}

func TestARestartEndsTheKernelAndWhatWaits(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b", "c")
	mustDo(t, s.RestartKernel(t.Context(), n.UserID, n.ID)) // there is none
	runs := queueCells(t, s, n, models.AllCells, "")
	finish(t, s, runs[0].ID, "n1", ok())
	running, err := s.System().BeginRun(t.Context(), runs[1].ID, "n1")
	mustDo(t, err, s.RestartKernel(t.Context(), n.UserID, n.ID))
	if k := look(t, s, n).Kernel; k.Why != models.EndedRestarted || k.Names != "x" {
		t.Errorf("the kernel: %+v", k)
	}
	if asked, err := s.System().Beat(t.Context(), []models.RunID{running.ID}); err != nil || len(asked) != 1 {
		t.Errorf("the run that goes on is not asked to stop: %v", err)
	}
	if last, _ := s.Run(t.Context(), n.UserID, runs[2].ID); last.Ending != models.Cancelled {
		t.Errorf("the run that waits: %+v", last)
	}
	dead, err := s.System().DeadKernels(t.Context(), []models.KernelID{*running.KernelID})
	if err != nil || len(dead) != 1 {
		t.Errorf("its node is not told: %v %v", dead, err)
	}
	if got := count(t, pool, "SELECT count(*) FROM runs WHERE state = 'queued'"); got != 0 {
		t.Errorf("%d runs wait", got)
	}
}

// TestWhatWasRunInAnInterpreterThatIsGoneIsStale: by a restart at once, by sleep
// only when another takes its place, and never the run that brought the end.
func TestWhatWasRunInAnInterpreterThatIsGoneIsStale(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	validities := func(n *models.Notebook) string {
		var all []string
		for _, c := range look(t, s, n).Cells {
			all = append(all, string(c.Validity))
		}
		return strings.Join(all, " ")
	}
	run := func(n *models.Notebook, at int, v models.Verdict) {
		t.Helper()
		finish(t, s, queueCells(t, s, n, models.OneCell, n.Cells[at].ID)[0].ID, "n1", v)
	}
	want := func(when string, n *models.Notebook, want string) {
		t.Helper()
		if got := validities(n); got != want {
			t.Errorf("%s: %s, not %s", when, got, want)
		}
	}
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b")
	run(n, 0, ok())
	run(n, 1, ok())
	want("both ran", n, "current current")
	mustDo(t, s.RestartKernel(t.Context(), n.UserID, n.ID))
	want("restarted", n, "stale stale")
	run(n, 0, ok())
	want("one ran again", n, "current stale")
	run(n, 1, ok())
	want("both ran again", n, "current current")
	mustDo(t, s.System().EndKernel(t.Context(), look(t, s, n).Kernel.ID, models.EndedIdle))
	want("asleep", n, "current current")
	run(n, 1, ok())
	want("awake again", n, "stale current")
	died := models.KernelUse{ID: look(t, s, n).Kernel.ID, Ended: models.EndedKilled}
	run(n, 0, models.Verdict{Ending: models.Killed, Kernel: &died})
	want("killed by the first", n, "current stale")
	if count(t, pool, "SELECT count(*) FROM kernels WHERE ended_at IS NULL") != 0 {
		t.Error("a kernel lives")
	}
}

func TestWhatWaitsForANodeThatIsGoneWaitsForAny(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*models.Store) error{
		"silent": func(s *models.Store) error { return s.System().LoseNodes(t.Context(), 20*time.Second) },
		"stopped": func(s *models.Store) error {
			_, err := s.System().LeaveNode(t.Context(), "n1", models.EndedStopped)
			return err
		},
	} {
		s, pool := testkit.Store(t, models.DefaultLimits())
		n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b")
		mustDo(t, s.System().BeatNode(t.Context(), "n1"), s.System().BeatNode(t.Context(), "n2"))
		runs := queueCells(t, s, n, models.AllCells, "")
		finish(t, s, runs[0].ID, "n1", ok())
		const waits = "SELECT count(*) FROM runs JOIN test_jobs ON test_jobs.id = job_id WHERE state = 'queued' AND NOT cancelled AND test_jobs.node = runs.node AND runs.node = "
		mustDo(t, s.System().LoseNodes(t.Context(), 20*time.Second))
		if again, err := s.System().Requeue(t.Context(), 20*time.Second); err != nil || len(again) != 0 || count(t, pool, waits+"'n1'") != 1 {
			t.Fatalf("%s: a node that beats lost %v (%v)", name, again, err)
		}
		exec(t, pool, "UPDATE nodes SET beat_at = beat_at - interval '21 s' WHERE name = 'n1'")
		mustDo(t, lose(s))
		_, err := s.System().Requeue(t.Context(), 20*time.Second)
		if err != nil || count(t, pool, waits+"''") != 1 || look(t, s, n).Kernel.Alive() {
			t.Errorf("%s: the run does not wait for any node, or the kernel lives: %+v %v", name, look(t, s, n).Kernel, err)
		}
		next, err := s.System().BeginRun(t.Context(), runs[1].ID, "n2")
		mustDo(t, err)
		if _, before, err := s.System().OpenKernel(t.Context(), next, "n2"); err != nil || before == nil || before.Names != "x" {
			t.Errorf("%s: what was lost is not known: %+v %v", name, before, err)
		}
	}
}

func TestSameBytesInTheSameNotebookKeepTheirID(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n, other := notebook(t, s, owner, "a"), notebook(t, s, owner, "b")
	save := func(in *models.Notebook, sum string) *models.File {
		t.Helper()
		new := models.NewFile{Source: models.FromUpload, Name: "out.csv"}
		if in != nil {
			new.Notebook = &in.ID
		}
		f, err := s.System().BeginFile(t.Context(), owner, new)
		mustDo(t, err)
		f, err = s.System().KeepFile(t.Context(), f, 3, strings.Repeat(sum, 64))
		mustDo(t, err)
		return f
	}
	first := save(n, "a")
	testkit.Age(t, pool, "files", string(first.ID), 40*time.Hour)
	again := save(n, "a")
	if again.ID != first.ID || again.Version != 1 || again.Left() != 48*time.Hour {
		t.Errorf("the same bytes again: %+v", again)
	}
	exec(t, pool, "UPDATE files SET expires_at = expires_at + interval '48 h'") // extended
	if longer := save(n, "a"); longer.Left() < 90*time.Hour {
		t.Errorf("an extended file has %v left", longer.Left())
	}
	if count(t, pool, "SELECT count(*) FROM files") != 1 {
		t.Error("something pending is left")
	}
	for i, f := range []*models.File{save(n, "b"), save(n, "a"), save(other, "a"), save(nil, "a"), save(nil, "a")} {
		if f.Version != i+2 {
			t.Errorf("other bytes, an older version's, another notebook's and a one-shot's make a new file; number %d is %+v", i, f)
		}
	}
	files, err := s.System().NotebookFiles(t.Context(), n.ID)
	if err != nil || len(files) != 1 || files[0].Version != 3 {
		t.Errorf("the notebook's files: %+v %v", files, err)
	}
}

func TestALookIsItsOwnersAndBounded(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a")
	stranger := testkit.Person(t, s, "43")
	finish(t, s, queueCells(t, s, n, models.AllCells, "")[0].ID, "n1", ok())
	kernel := look(t, s, n).Kernel.ID
	_, err := s.AskKernel(t.Context(), stranger, kernel, "{}")
	wantCode(t, "a stranger asks", err, models.GoneCode)
	asked, err := s.AskKernel(t.Context(), n.UserID, kernel, "{}")
	mustDo(t, err)
	open, err := s.System().OpenLooks(t.Context(), kernel)
	if err != nil || len(open) != 1 || open[0].ID != asked.ID {
		t.Fatalf("its node sees %+v %v", open, err)
	}
	mustDo(t, s.System().AnswerLook(t.Context(), open[0], "a\x00b"))
	if told, err := s.LookAnswer(t.Context(), stranger, asked.ID); err != nil || told != nil {
		t.Errorf("a stranger reads %v %v", told, err)
	}
	if told, err := s.LookAnswer(t.Context(), n.UserID, asked.ID); err != nil || told == nil {
		t.Errorf("the owner reads %v %v", told, err)
	}
	for range 20 {
		_, err := s.AskKernel(t.Context(), n.UserID, kernel, "{}")
		mustDo(t, err)
	}
	_, err = s.AskKernel(t.Context(), n.UserID, kernel, "{}")
	wantCode(t, "the 21st", err, models.Busy)
	exec(t, pool, "UPDATE looks SET asked_at = asked_at - interval '31 s'") // nobody waits for these
	_, err = s.AskKernel(t.Context(), n.UserID, kernel, "{}")
	mustDo(t, err, s.RestartKernel(t.Context(), n.UserID, n.ID))
	_, err = s.AskKernel(t.Context(), n.UserID, kernel, "{}")
	wantCode(t, "a kernel that has ended", err, models.GoneCode)
}
