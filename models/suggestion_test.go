package models_test

import (
	"strings"
	"testing"

	"mayfly/models"
)

// TestEveryKindOfFileHasAReadyCell: also one that the table does not know.
func TestEveryKindOfFileHasAReadyCell(t *testing.T) {
	t.Parallel()
	for _, row := range append(models.FileTypes(), models.FileType{Extension: ".unknown"}) {
		cells := models.Suggestions("Sales 2026" + row.Extension)
		if len(cells) == 0 {
			t.Errorf("%s has none", row.Extension)
		}
		for _, c := range cells {
			if c.Words == "" || !strings.Contains(c.Code, `load_file("Sales 2026`+row.Extension+`")`) || strings.Contains(c.Code, "FILE") || strings.Contains(c.Code, "NAME") {
				t.Errorf("%s: %q %s", row.Extension, c.Words, c.Code)
			}
		}
	}
}

func TestAReadyCellCallsTheFileByAFitName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"sales.csv": "sales = ", "Q1 Report (2).csv": "q1_report_2 = ", "2026.csv": "loaded = ", "class.csv": "class_data = ", "דוח.csv": "loaded = ",
		"a/b/c-d.csv": "c_d = ", "list.csv": "list_data = ", ".csv": "unpacked = ", "é_x.csv": "x = ",
	} {
		if cell := models.Suggestions(name)[0]; !strings.HasPrefix(cell.Code, want) {
			t.Errorf("%s: %s", name, cell.Code)
		}
	}
	if cell := models.Suggestions("a\"b\\.csv")[0]; !strings.Contains(cell.Code, `load_file("a\"b\\.csv")`) {
		t.Errorf("quotes: %s", cell.Code)
	}
}
