package models_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func keep(t *testing.T, s *models.Store, owner models.UserID, name string, size int64) *models.File {
	t.Helper()
	f, err := s.System().BeginFile(t.Context(), owner, models.NewFile{Source: models.FromUpload, Name: name})
	if err == nil {
		f, err = s.System().KeepFile(t.Context(), f, size, strings.Repeat("0", 64))
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSEC48ForeignMissingAndMalformedFilesLookAlike(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	f := keep(t, s, owner, "a.csv", 1)
	if _, err := s.File(t.Context(), owner, f.ID); err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, id := range []models.FileID{f.ID, "42_1_nothing", "../../etc/passwd", "", "'; DROP TABLE files; --"} {
		_, err := s.File(t.Context(), stranger, id)
		if models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("%q for a stranger: %v", id, err)
			continue
		}
		words = append(words, err.Error())
	}
	for _, w := range words {
		if w != words[0] {
			t.Errorf("answers differ: %q", words)
		}
	}
	for verb, err := range map[string]error{
		"delete": s.DeleteFile(t.Context(), stranger, f.ID, nil), "restore": s.RestoreFile(t.Context(), stranger, f.ID),
	} {
		if models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("%s by a stranger: %v", verb, err)
		}
	}
}

func TestSEC49AFileIsGoneAtTheVerySecond(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	f := keep(t, s, owner, "a.csv", 7)
	if left := f.Left(); left > 48*time.Hour || left < 48*time.Hour-time.Minute {
		t.Fatalf("a new file has %v left", left)
	}
	testkit.Age(t, pool, "files", string(f.ID), 48*time.Hour)
	if _, err := s.File(t.Context(), owner, f.ID); models.CodeOf(err) != models.GoneCode {
		t.Errorf("to its owner: %v", err)
	}
	if _, err := s.File(t.Context(), stranger, f.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("to a stranger: %v", err)
	}
	if page, err := s.Files(t.Context(), owner, models.FileQuery{}); err != nil || page.Total != 0 || len(page.Files) != 0 {
		t.Errorf("the list still has it: %+v %v", page, err)
	}
	if _, err := s.FileNamed(t.Context(), owner, "a.csv"); models.CodeOf(err) != models.GoneCode {
		t.Errorf("by name: %v", err)
	}
	if _, err := s.FileNamed(t.Context(), stranger, "a.csv"); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("by name, to a stranger: %v", err)
	}
	if u, _ := s.Usage(t.Context(), owner); u.Files != 0 || u.Bytes != 0 {
		t.Errorf("it still counts: %+v", u)
	}
	if err := s.DeleteFile(t.Context(), owner, f.ID, nil); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("deleting it: %v", err)
	}
	if dead, err := s.Tombstone(t.Context(), owner, f.ID); err != nil || dead.Name != "a.csv" {
		t.Errorf("its tombstone: %+v %v", dead, err)
	}
	testkit.Age(t, pool, "files", string(f.ID), models.TombstoneLifetime)
	if _, err := s.File(t.Context(), owner, f.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("after its tombstone's time: %v", err)
	}
}

func TestDeleteAndUndo(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	f := keep(t, s, owner, "a.csv", 7)
	if err := s.DeleteFile(t.Context(), owner, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.File(t.Context(), owner, f.ID); models.CodeOf(err) != models.GoneCode {
		t.Fatalf("a deleted file: %v", err)
	}
	if dead, _ := s.System().ClaimDead(t.Context(), 10); len(dead) != 0 {
		t.Fatal("the sweep takes the bytes before the undo is over")
	}
	if err := s.RestoreFile(t.Context(), owner, f.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.File(t.Context(), owner, f.ID); err != nil {
		t.Fatalf("after the undo: %v", err)
	}
	if err := s.DeleteFile(t.Context(), owner, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	exec(t, pool, "UPDATE files SET deleted_at = deleted_at - interval '60 s'")
	if err := s.RestoreFile(t.Context(), owner, f.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Fatalf("an undo too late: %v", err)
	}
	if dead, _ := s.System().ClaimDead(t.Context(), 10); len(dead) != 1 {
		t.Fatal("the sweep leaves a deleted file")
	}
}

func TestREL15TwoSweepsTakeEachFileOnce(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	for range 30 {
		keep(t, s, owner, "a.csv", 1)
	}
	exec(t, pool, "UPDATE files SET expires_at = now() - interval '1 s'")
	purged := map[models.FileID]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				dead, err := s.System().ClaimDead(t.Context(), 7)
				if err != nil || len(dead) == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
				ids := make([]models.FileID, len(dead))
				for i, f := range dead {
					ids[i] = f.ID
				}
				did, err := s.System().PurgeFiles(t.Context(), ids)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, f := range did {
					purged[f.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(purged) != 30 {
		t.Errorf("%d of 30 files were purged", len(purged))
	}
	for id, n := range purged {
		if n != 1 {
			t.Errorf("%s was purged %d times", id, n)
		}
	}
}

func TestVersionsCountByName(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner, other := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	keep(t, s, owner, "a.csv", 1)
	second := keep(t, s, owner, "a.csv", 2)
	if second.Version != 2 || keep(t, s, owner, "b.csv", 1).Version != 1 || keep(t, s, other, "a.csv", 1).Version != 1 {
		t.Fatalf("the second a.csv is version %d", second.Version)
	}
	if newest, err := s.FileNamed(t.Context(), owner, "a.csv"); err != nil || newest.ID != second.ID {
		t.Fatalf("by name: %+v %v", newest, err)
	}
}

func TestSEC50QuotasHoldUnderConcurrency(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserFiles, limits.UserBytes = 5, 1000
	s, _ := testkit.Store(t, limits)
	owner := testkit.Person(t, s, "42")
	var kept, refused int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			f, err := s.System().BeginFile(t.Context(), owner, models.NewFile{Source: models.FromUpload, Name: "a"})
			if err == nil {
				if _, err = s.System().KeepFile(t.Context(), f, 300, ""); err != nil {
					_, _ = s.System().AbandonFile(t.Context(), f.ID)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			switch models.CodeOf(err) {
			case "":
				kept++
			case models.OverLimit:
				refused++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if u, _ := s.Usage(t.Context(), owner); kept != 3 || u.Bytes != 900 || u.Files != 3 || u.BytesMax != 1000 {
		t.Fatalf("kept %d, refused %d, usage %+v: three files of 300 fit into 1000", kept, refused, u)
	}
}

func TestSearchIsLiteralAndSortIsAnAllowlist(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	keep(t, s, owner, "100%_done.csv", 3)
	keep(t, s, owner, "100 done.png", 1)
	for search, want := range map[string]int{"%": 1, "_": 1, "DONE": 2, `\`: 0, "'": 0} {
		page, err := s.Files(t.Context(), owner, models.FileQuery{Search: search, Sort: "name; DROP TABLE files"})
		if err != nil || page.Total != want {
			t.Errorf("search %q found %d (%v), not %d", search, page.Total, err, want)
		}
	}
	page, err := s.Files(t.Context(), owner, models.FileQuery{Sort: "-size"})
	if err != nil || page.Files[0].Size != 3 || page.Bytes != 4 {
		t.Errorf("by size: %+v %v", page, err)
	}
	if page, _ := s.Files(t.Context(), owner, models.FileQuery{Category: "image"}); page.Total != 1 {
		t.Errorf("images: %d", page.Total)
	}
}

func TestSEC46NamesAreMadeSafe(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"a.csv": "a.csv", "../../etc/passwd": "etc/passwd", "/abs/x": "abs/x", "": "unnamed", "..": "unnamed", " ": "unnamed",
		"a\x00b\n.csv": "ab.csv", "evil\u202egpj.exe": "evilgpj.exe", "e\u0301.txt": "\u00e9.txt", `a\b`: "a/b", "\xff.txt": "_.txt",
		strings.Repeat("x", 300) + ".csv": strings.Repeat("x", 251) + ".csv", "תוצאות.csv": "תוצאות.csv", "🎉 a.xlsx": "🎉 a.xlsx",
		"a\u200bb\u00ad.csv": "ab.csv", "\u200b": "unnamed", "\u3164/\u200d/a.csv": "a.csv", "👩\u200d🔬.png": "👩\u200d🔬.png",
	} {
		if got := models.CleanName(given); got != want {
			t.Errorf("CleanName(%q) = %q, not %q", given, got, want)
		}
	}
	var names models.NamesApart
	if a, b := names.Clean("a\x00.csv"), names.Clean("a.csv"); a == b || b != "a (2).csv" {
		t.Errorf("two names became %q and %q", a, b)
	}
}

func TestAPersonHasANameThatCanBeSeen(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	for given, want := range map[string]string{
		" Ada\u202e ": "Ada", "": "42", "\u200b": "42", "\u3164 \u200d": "42", "\xff\x00": "42", "Zoë 🎉": "Zoë 🎉", strings.Repeat("é", 99): strings.Repeat("é", 64),
	} {
		if u, err := s.SignIn(t.Context(), models.DiscordProfile{ID: "42", Name: given}); err != nil || u.Name != want {
			t.Errorf("%q became %+v, %v", given, u, err)
		}
	}
}
