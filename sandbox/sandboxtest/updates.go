package sandboxtest

import (
	"fmt"
	"strings"
	"testing"

	"mayfly/sandbox"
)

func updateChecks() []check {
	return []check{
		{"DisplayUpdates", displayUpdates},
		{"DisplayUpdatesAcrossCells", updatesAcrossCells},
		{"Values", values},
		{"ClearOutput", clearOutput},
		{"HostileUpdates", hostileUpdates},
	}
}

// replay is what a page shows in the end: updates and clears carried out.
func replay(d *desk) string {
	var shown []sandbox.Output
	for _, o := range d.pieces() {
		switch {
		case o.Stream == sandbox.Clear:
			shown = nil
		case o.Update:
			for i := range shown {
				if shown[i].ID == o.ID {
					shown[i].Text = o.Text
				}
			}
		default:
			shown = append(shown, o)
		}
	}
	var b strings.Builder
	for _, o := range shown {
		fmt.Fprintf(&b, "%s;", strings.TrimSpace(o.Text))
	}
	return b.String()
}

func displayUpdates(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for code, want := range map[string]string{
		"h = display('a', display_id=True)\nprint('between')\nh.update('b')":                                   "'b';between;",
		"display('a', display_id='x'); display('c', display_id='y')\nupdate_display('b', display_id='x')":      "'b';'c';",
		"from IPython.display import DisplayHandle\nh = DisplayHandle()\nh.display('a')\nh.update('b')\n'end'": "'b';'end';",
		"h = display('a', display_id='ü' * 500)\nfor i in range(50): h.update(i)":                              "49;",
		"update_display('nobody', display_id='unknown')\nprint('on')":                                          "on;",
	} {
		d := must(t, k, "from IPython.display import display, update_display\n"+code)
		if got := replay(d); got != want {
			t.Errorf("%q: %q, want %q\n%s", code, got, want, d)
		}
	}
}

func updatesAcrossCells(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	first := must(t, k, "h = display('a', display_id=True)").pieces()
	later := must(t, k, "h.update('b')").pieces()
	if len(first) != 1 || len(later) != 1 || first[0].ID == "" || first[0].Update || !later[0].Update || later[0].ID != first[0].ID || later[0].Text != "'b'" {
		t.Errorf("%+v, then %+v", first, later)
	}
}

// values: what the last expression gives is told from what is displayed.
func values(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	got := must(t, k, "from IPython.display import display, update_display\ndisplay(1, display_id='x')\nupdate_display(2, display_id='x')\n3").pieces()
	if len(got) != 3 || got[0].Value || got[1].Value || !got[2].Value || got[2].Text != "3" {
		t.Errorf("%+v", got)
	}
}

func clearOutput(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for code, want := range map[string]string{
		"print('a')\nclear_output()\nprint('b')":                                              "b;",
		"print('a')\nclear_output(wait=True)":                                                 "a;",
		"print('a')\nclear_output(wait=True)\nprint('b')":                                     "b;",
		"print('a')\nclear_output(wait=True)\ndisplay('d')":                                   "'d';",
		"for i in range(30):\n    clear_output(wait=True)\n    print(i)":                      "29;",
		"import os\nprint('a')\nclear_output(wait=True)\nos.system('echo from below');":       "from below;",
		"h = display('a', display_id=True)\nclear_output()\nh.update('b')":                    "",
		"print('a')\nclear_output(wait=True)\nh = display('b', display_id=True); h.update(1)": "1;",
	} {
		d := must(t, k, "from IPython.display import clear_output\n"+code)
		if got := replay(d); got != want {
			t.Errorf("%q: %q, want %q\n%s", code, got, want, d)
		}
	}
}

// hostileUpdates: names of displays are as hostile as all else.
func hostileUpdates(t *testing.T, s *suite) {
	for _, head := range []string{"'id': 'x' * 5000", "'update': True", "'update': True, 'id': ''"} {
		k := s.open(t, sandbox.Spec{})
		result, _ := exec(t, k, `import json, os, struct
payload = json.dumps({'t': 'display', 'forms': [], `+head+`}).encode()
os.write(3, struct.pack('>IB', len(payload), ord('j')) + payload)
import time; time.sleep(50)`)
		if result.Ending != sandbox.Killed {
			t.Errorf("%s: %s", head, result.Ending)
		}
	}
}
