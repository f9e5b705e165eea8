package models_test

import (
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// TestACopyOfMyDataHoldsOneNotebookAtATime: their texts together may be a
// gigabyte.
func TestACopyOfMyDataHoldsOneNotebookAtATime(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	for range 3 {
		notebook(t, s, owner, "a", "b")
	}
	var seen []*models.Notebook
	err := s.EachNotebook(t.Context(), owner, func(n *models.Notebook) error {
		if len(n.Cells) != 2 {
			t.Errorf("it has %d cells", len(n.Cells))
		}
		for _, before := range seen {
			if before.Cells != nil {
				t.Error("the cells of the one before are held")
			}
		}
		seen = append(seen, n)
		return nil
	})
	if err != nil || len(seen) != 3 {
		t.Errorf("%d notebooks, %v", len(seen), err)
	}
}

// TestEachFileIsReadOnce: tombstones too, however many there are.
func TestEachFileIsReadOnce(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	run := queue(t, s, owner, "1")
	if _, err := pool.Exec(t.Context(), `INSERT INTO files (id, user_id, run_id, name, version, size, sha256, media_type, category, source, state, blob_key, created_at, expires_at)
		SELECT '42_1_' || lpad(i::text, 26, 'a'), '42', $1, 'f' || i, 1, 1, 'x', 'text/plain', 'text', 'web', 'purged', 'k' || i, now() - i / 3 * interval '1 second', now()
		FROM generate_series(1, 4500) AS i`, run.ID); err != nil {
		t.Fatal(err)
	}
	seen := map[models.FileID]bool{}
	err := s.EachFile(t.Context(), owner, func(f *models.File) error {
		if seen[f.ID] {
			t.Errorf("%s comes twice", f.ID)
		}
		seen[f.ID] = true
		return nil
	})
	if err != nil || len(seen) != 4500 {
		t.Errorf("%d files, %v", len(seen), err)
	}
}
