package models_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// fileOf keeps a file of a notebook's for the given time.
func fileOf(t *testing.T, s *models.Store, n *models.Notebook, name string) *models.File {
	t.Helper()
	f, err := s.System().BeginFile(t.Context(), n.UserID, models.NewFile{Notebook: &n.ID, Source: models.FromUpload, Name: name})
	if err == nil {
		f, err = s.System().KeepFile(t.Context(), f, 3, strings.Repeat("0", 64))
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func shareOf(t *testing.T, s *models.Store, n *models.Notebook) (string, *models.Share) {
	t.Helper()
	token, share, err := s.ShareNotebook(t.Context(), n.UserID, n.ID)
	if err != nil {
		t.Fatal(err)
	}
	return token, share
}

// TestAShareNeverOutlivesItsFiles: it ends with the first of them, and without
// files when a new one would.
func TestAShareNeverOutlivesItsFiles(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a")
	if _, share := shareOf(t, s, n); share.Left() > 48*time.Hour || share.Left() < 47*time.Hour {
		t.Errorf("without files it lives %s", share.Left())
	}
	fileOf(t, s, n, "long.csv")
	short := fileOf(t, s, n, "short.csv")
	exec(t, pool, "UPDATE files SET expires_at = now() + interval '2 h' WHERE id = '"+string(short.ID)+"'")
	token, share := shareOf(t, s, n)
	if share.Left() > 2*time.Hour || share.Left() < time.Hour {
		t.Errorf("with a file of two hours it lives %s", share.Left())
	}
	if shown, err := s.SharedFiles(t.Context(), share.ID); err != nil || len(shown) != 2 {
		t.Errorf("it shows %v %v", shown, err)
	}
	exec(t, pool, "UPDATE files SET expires_at = now() - interval '1 s' WHERE id = '"+string(short.ID)+"'")
	_, err := s.SharedFile(t.Context(), share.ID, short.ID.Tail())
	wantCode(t, "a file whose time is over", err, models.NotFoundCode)
	exec(t, pool, "UPDATE shares SET expires_at = now() WHERE id = '"+string(share.ID)+"'")
	_, err = s.Shared(t.Context(), token)
	wantCode(t, "a share whose time is over", err, models.GoneCode)
	if shown, err := s.SharedFiles(t.Context(), share.ID); err != nil || len(shown) != 0 {
		t.Errorf("then it shows %v %v", shown, err)
	}
}

// TestAShareIsKnownByItsHashAlone: the token is nowhere in the database.
func TestAShareIsKnownByItsHashAlone(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a")
	token, share := shareOf(t, s, n)
	if !models.LooksLikeShare(token) || string(share.ID) == token {
		t.Fatalf("token %q, id %q", token, share.ID)
	}
	if found := count(t, pool, "SELECT count(*) FROM shares WHERE shares::text LIKE '%"+token+"%'"); found != 0 {
		t.Error("the row holds the token")
	}
	got, err := s.Shared(t.Context(), token)
	if err != nil || got.ID != share.ID || got.Title != "n" {
		t.Errorf("%+v %v", got, err)
	}
	for _, other := range []string{"", string(share.ID), token[:25], token + "a", strings.ToUpper(token), "\x00"} {
		_, err := s.Shared(t.Context(), other)
		wantCode(t, "the token "+other, err, models.NotFoundCode)
	}
}

func TestSharesEndWithWhatTheyShow(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n := notebook(t, s, owner, "a")
	token, share := shareOf(t, s, n)
	_, err := s.EndShare(t.Context(), testkit.Person(t, s, "43"), share.ID)
	wantCode(t, "ended by a stranger", err, models.NotFoundCode)
	_, err = s.EndShare(t.Context(), owner, share.ID)
	mustDo(t, err)
	_, err = s.Shared(t.Context(), token)
	wantCode(t, "ended", err, models.GoneCode)

	exec(t, pool, "UPDATE shares SET ended_at = ended_at - interval '31 days'")
	if n, err := s.System().Forget(t.Context()); err != nil || n.Shares != 1 {
		t.Errorf("forgot %+v %v", n, err)
	}
	_, err = s.Shared(t.Context(), token)
	wantCode(t, "a month later", err, models.NotFoundCode)
	if audits := count(t, pool, "SELECT count(*) FROM audits WHERE action IN ('share.make', 'share.end')"); audits != 2 {
		t.Errorf("%d lines in the trail", audits)
	}
}

// TestAShareComesBackWithItsNotebook: from the bin, unless its owner ended it or the
// first of its files did meanwhile. In the bin it leads nowhere, and to nothing.
func TestAShareComesBackWithItsNotebook(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n := notebook(t, s, owner, "a")
	file := fileOf(t, s, n, "a.csv")
	run := finish(t, s, queueCells(t, s, n, models.AllCells, "")[0].ID, "n1", models.Verdict{Ending: models.OK, Outputs: []models.Output{{Seq: 1, Stream: "stdout", Text: "x"}}})
	token, share := shareOf(t, s, n)
	ended, endedShare := shareOf(t, s, n)
	_, err := s.EndShare(t.Context(), owner, endedShare.ID)
	mustDo(t, err)
	works := func(when, token string, share *models.Share, want models.Code) {
		t.Helper()
		_, err := s.Shared(t.Context(), token)
		wantCode(t, when, err, want)
		if want == models.GoneCode {
			want = models.NotFoundCode
		}
		_, err = s.SharedFile(t.Context(), share.ID, file.ID.Tail())
		wantCode(t, when+", its file", err, want)
		_, err = s.SharedOutput(t.Context(), share.ID, run.ID, 1)
		wantCode(t, when+", its output", err, want)
	}
	works("before", token, share, "")
	mustDo(t, s.DeleteNotebook(t.Context(), owner, n.ID))
	works("in the bin", token, share, models.GoneCode)
	if all, err := s.Shares(t.Context(), owner); err != nil || len(all) != 0 {
		t.Errorf("in the bin they are listed: %v %v", all, err)
	}
	_, err = s.CopyShared(t.Context(), testkit.Person(t, s, "43"), token)
	wantCode(t, "copied from the bin", err, models.GoneCode)
	mustDo(t, s.RestoreNotebook(t.Context(), owner, n.ID))
	works("brought back", token, share, "")
	works("brought back after its owner ended it", ended, endedShare, models.GoneCode)
	mustDo(t, s.DeleteNotebook(t.Context(), owner, n.ID))
	exec(t, pool, "UPDATE files SET expires_at = now()")
	exec(t, pool, "UPDATE shares SET expires_at = now()") // as time does
	mustDo(t, s.RestoreNotebook(t.Context(), owner, n.ID))
	works("brought back after its file", token, share, models.GoneCode)
}

// TestAShareShowsNothingElse: no run, file or output that is not of its notebook.
func TestAShareShowsNothingElse(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n, other := imported(t, s, owner), imported(t, s, owner)
	_, share := shareOf(t, s, n)
	file, foreign := fileOf(t, s, n, "a.csv"), fileOf(t, s, other, "b.csv")
	said := func(n *models.Notebook) models.RunID {
		runs, err := s.QueueCells(t.Context(), owner, n.ID, models.CellRuns{Cell: n.Cells[0].ID, Span: models.OneCell, Source: models.FromWeb})
		mustDo(t, err)
		run, err := s.System().BeginRun(t.Context(), runs[0].ID, "node")
		mustDo(t, err, s.System().FinishRun(t.Context(), run, models.Verdict{Ending: models.OK, Outputs: []models.Output{{Seq: 1, Stream: "stdout", Text: "x"}}}))
		return run.ID
	}
	if _, err := s.SharedImport(t.Context(), share.ID, n.Cells[0].ID, 2); err != nil {
		t.Errorf("its imported output: %v", err)
	}
	first, last, elsewhere := said(n), said(n), said(other)
	if f, err := s.SharedFile(t.Context(), share.ID, file.ID.Tail()); err != nil || f.ID != file.ID {
		t.Errorf("its file: %v", err)
	}
	if _, err := s.SharedOutput(t.Context(), share.ID, last, 1); err != nil {
		t.Errorf("its output: %v", err)
	}
	end := func(_ any, err error) error { return err }
	for what, err := range map[string]error{
		"a file of another":         end(s.SharedFile(t.Context(), share.ID, foreign.ID.Tail())),
		"an older run":              end(s.SharedOutput(t.Context(), share.ID, first, 1)),
		"a run of another":          end(s.SharedOutput(t.Context(), share.ID, elsewhere, 1)),
		"an import of another":      end(s.SharedImport(t.Context(), share.ID, other.Cells[0].ID, 2)),
		"an import of what has run": end(s.SharedImport(t.Context(), share.ID, n.Cells[0].ID, 2)),
	} {
		wantCode(t, what, err, models.NotFoundCode)
	}
	_, err := s.EndShare(t.Context(), owner, share.ID)
	mustDo(t, err)
	wantCode(t, "its file after the end", end(s.SharedFile(t.Context(), share.ID, file.ID.Tail())), models.NotFoundCode)
	wantCode(t, "its output after the end", end(s.SharedOutput(t.Context(), share.ID, last, 1)), models.NotFoundCode)
}

func TestACopyOfWhatIsSharedIsOnesOwn(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	n := imported(t, s, testkit.Person(t, s, "42"))
	token, _ := shareOf(t, s, n)
	bob := testkit.Person(t, s, "43")
	copied, err := s.CopyShared(t.Context(), bob, token)
	if err != nil || copied.UserID != bob || texts(look(t, s, copied)) != "1 plain" || copied.Name != n.Name || copied.Facts != n.Facts {
		t.Fatalf("%+v %v", copied, err)
	}
	if all, err := s.Imports(t.Context(), bob, copied.ID); err != nil || all[copied.Cells[0].ID].Outputs != "" || all[copied.Cells[0].ID].Facts == "" {
		t.Errorf("its imports: %+v %v", all, err)
	}
}
