package models_test

import (
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestAFileOnItsWayTakesItsPlace(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserFiles = 1
	s, pool := testkit.Store(t, limits)
	owner := testkit.Person(t, s, "42")
	begin := func() (*models.File, error) {
		return s.System().BeginFile(t.Context(), owner, models.NewFile{Source: models.FromUpload, Name: "a"})
	}
	first, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := begin(); models.CodeOf(err) != models.OverLimit {
		t.Errorf("a second one beside a first that is being written: %v", err)
	}
	testkit.Age(t, pool, "files", string(first.ID), 48*time.Hour)
	if _, err := begin(); err != nil {
		t.Errorf("after the first one's time: %v", err)
	}
}

// TestOnlyALiveFileCanBeMissed: the bytes of others may be gone.
func TestOnlyALiveFileCanBeMissed(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	over, deleted, live := keep(t, s, owner, "a", 1), keep(t, s, owner, "b", 1), keep(t, s, owner, "c", 1)
	testkit.Age(t, pool, "files", string(over.ID), 48*time.Hour)
	if err := s.DeleteFile(t.Context(), owner, deleted.ID, nil); err != nil {
		t.Fatal(err)
	}
	for f, want := range map[*models.File]bool{over: false, deleted: false, live: true} {
		if missed, err := s.System().MissFile(t.Context(), f.ID); err != nil || missed != want {
			t.Errorf("%s: %v %v", f.Name, missed, err)
		}
	}
}
