package models_test

import (
	"slices"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// TestFindLooksForLettersInOrder: what is found is the owner's, lives, and holds
// the letters that were typed; what a pattern could mean, it does not.
func TestFindLooksForLettersInOrder(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	ada, bob := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	for _, name := range []string{"raid_dps_by_class.png", "raid night.csv", "r100%_odd.name.txt", "עברית.csv"} {
		keep(t, s, ada, name, 1)
	}
	keep(t, s, ada, "raid night.csv", 1) // its second version
	keep(t, s, bob, "raid of bob.csv", 1)
	for _, name := range []string{"Raid night, week 47", "Grade a big drum"} {
		if _, err := s.MakeNotebook(t.Context(), ada, models.NewNotebook{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string][]string{
		"":           {"raid_dps_by_class.png", "raid night.csv", "r100%_odd.name.txt", "עברית.csv", "Raid night, week 47", "Grade a big drum"},
		"rdclass":    {"raid_dps_by_class.png"},
		"RAID n":     {"raid night.csv", "raid_dps_by_class.png", "Raid night, week 47"},
		"raid":       {"raid_dps_by_class.png", "raid night.csv", "Raid night, week 47", "Grade a big drum"},
		"%_":         {"r100%_odd.name.txt"},
		"\\":         nil,
		"רית":        {"עברית.csv"},
		"bob":        nil,
		"a\x00b":     nil,
		"\xff":       nil,
		"nothing it": nil,
	} {
		found, err := s.Find(t.Context(), ada, text, 10)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var names []string
		for _, f := range found.Files {
			names = append(names, f.Name)
		}
		for _, n := range found.Notebooks {
			names = append(names, n.Name)
		}
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			t.Errorf("%q finds %q, want %q", text, names, want)
		}
	}
	first, err := s.Find(t.Context(), ada, "raid", 1)
	if err != nil || len(first.Files) != 1 || len(first.Notebooks) != 1 || first.Notebooks[0].Name != "Raid night, week 47" {
		t.Errorf("at most one of each: %+v, %v", first, err)
	}
}
