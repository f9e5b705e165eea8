package sandboxtest

import (
	"strings"
	"testing"

	"mayfly/sandbox"
)

func magicChecks() []check {
	return []check{
		{"MagicsThatWork", magicsThatWork},
		{"MagicsThatSayWhyNot", magicsThatSayWhyNot},
		{"TracebacksOfEveryKind", tracebacks},
	}
}

// workingMagics maps what people write to a part of what it says.
var workingMagics = map[string]string{
	"%time 1 + 1":                         "Wall time",
	"%timeit -n1 -r1 pass":                "per loop",
	"%%time\nprint('in')":                 "Wall time",
	"%%timeit -n1 -r1\npass":              "per loop",
	"%%capture held\nprint('kept')":       "",
	"%%writefile a.txt\nhello":            "Writing a.txt",
	"%%writefile -a b.txt\nmore":          "b.txt",
	"%who":                                "x_seen",
	"%whos":                               "x_seen",
	"%run part.py":                        "part says 5",
	"%%bash\necho from bash":              "from bash",
	"%%sh\necho from sh":                  "from sh",
	"%%script bash\necho from script":     "from script",
	"%prun sum(range(9))":                 "function calls",
	"%env MFTEST=1":                       "env: MFTEST=1",
	"%set_env MFTEST=2":                   "env: MFTEST=2",
	"%pwd":                                "/w",
	"%ls":                                 "part.py",
	"%cat part.py":                        "told = 5",
	"%pinfo sum":                          "Return the sum",
	"sum?":                                "Return the sum",
	"%precision 3":                        "%.3f",
	"%xmode Plain":                        "Exception reporting mode",
	"%lsmagic":                            "timeit",
	"%alias greet echo hi %s\n%greet you": "hi you",
	"%sx echo of sx":                      "of sx",
	"%system echo of system":              "of system",
	"%matplotlib inline":                  "",
	"%matplotlib agg":                     "",
	"%load_ext autoreload":                "",
	"%config InlineBackend.figure_format='svg'": "",
	"%automagic off":   "",
	"%%html\n<b>x</b>": "HTML",
	"%%markdown\n*x*":  "Markdown",
	"%%latex\n$x$":     "Latex",
	"%%svg\n<svg xmlns='http://www.w3.org/2000/svg'/>": "SVG",
	"%%python3\nprint('another python')":               "another python",
	"!echo shell":                                      "shell",
	"got = !echo caught\nprint(got[0])":                "caught",
	"%pip list":                                        "pandas==",
	"!git --version || echo no git":                    "git",
	"%pprint":                                          "Pretty printing",
	"%history":                                         "",
}

func magicsThatWork(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "x_seen = 3\nopen('part.py', 'w').write('told = 5\\nprint(\"part says\", told)')")
	for code, want := range workingMagics {
		result, d := exec(t, k, code)
		said := d.text(sandbox.Stdout) + d.text(sandbox.Stderr)
		for _, bundle := range d.displays() {
			said += bundle["text/plain"]
		}
		if result.Ending != sandbox.OK || !strings.Contains(said, want) || strings.Contains(said, "UsageError") || strings.Contains(said, "Traceback") {
			t.Errorf("%q: %s, want %q\n%s", code, result.Ending, want, d)
		}
	}
}

// refusingMagics maps what cannot work here to a part of the reason.
var refusingMagics = map[string]string{
	"%pip install torch":                   "no network here to fetch torch from",
	"%pip install -q pandas numpy>=1":      "pandas, numpy are installed already",
	"!pip install seaborn":                 "seaborn is installed already",
	"!python -m pip install torch==2":      "fetch torch from",
	"!pip3 install torch":                  "fetch torch from",
	"%conda install torch":                 "fetch torch from",
	"!conda install -y torch":              "fetch torch from",
	"%uv pip install torch":                "fetch torch from",
	"%matplotlib widget":                   "shown as pictures",
	"%matplotlib notebook":                 "shown as pictures",
	"%debug":                               "no terminal here",
	"%pdb on":                              "no terminal here",
	"%edit":                                "no editor here",
	"%load_ext nosuch_extension":           "nosuch_extension is not installed here",
	"%%javascript\nalert(1)":               "runs no script",
	"%%js\nalert(1)":                       "runs no script",
	"!curl https://example.com/a.csv":      "load_file",
	"!wget -q https://example.com/a.csv":   "load_file",
	"!git clone https://example.com/a.git": "load_file",
	"!apt-get install -y ffmpeg":           "operator adds packages",
	"!sudo apt install ffmpeg":             "operator adds packages",
	"got = !curl -s https://example.com":   "load_file",
	"%connect_info":                        "takes no connections",
}

// magicsThatSayWhyNot: one sentence, and the cell goes on.
func magicsThatSayWhyNot(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for code, want := range refusingMagics {
		result, d := exec(t, k, code+"\n")
		said := d.text(sandbox.Stderr)
		if result.Ending != sandbox.OK || !strings.Contains(said, want) || strings.Count(said, "\n") != 1 || !strings.Contains(said, "cannot work") {
			t.Errorf("%q: %s, want %q\n%s", code, result.Ending, want, d)
		}
	}
	wantText(t, must(t, k, "!pip install torch\nprint('the cell goes on')"), sandbox.Stdout, "the cell goes on\n")
}

// tracebacks show the user's lines first, and of libraries only the last step.
func tracebacks(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "open('helper.py', 'w').write('def half(n):\\n    return n / 0\\n')\nopen('script.py', 'w').write('import helper\\nhelper.half(3)\\n')")
	for code, want := range map[string][]string{
		"import helper\nhelper.half(1)": {"<cell", "helper.half(1)", "helper.py\", line 2, in half", "return n / 0", "ZeroDivisionError"},
		"%run script.py":                {"script.py\", line 2", "helper.half(3)", "return n / 0", "ZeroDivisionError"},
		"try:\n    1 / 0\nexcept Exception as e:\n    raise ValueError('second') from e": {"1 / 0", "direct cause", "raise ValueError('second') from e", "ValueError: second"},
		"try:\n    1 / 0\nexcept Exception:\n    int('x')":                               {"1 / 0", "During handling", "int('x')", "invalid literal"},
		"a = 1\nb = (2 +\nc = 3": {"line 2", "^", "SyntaxError"},
		"print('x'\n":            {"^", "SyntaxError: '(' was never closed"},
		"def f():\nreturn 1":     {"line 2", "return 1", "IndentationError"},
		"import pandas as pd\npd.DataFrame({'a': [1]})['b']": {"pd.DataFrame({'a': [1]})['b']", "more step", "KeyError: 'b'"},
		"import mayfly\nload_file('nothing.csv')":            {"load_file('nothing.csv')", "Error"},
		"%%time\nx = 1\n1 / 0":                               {"1 / 0", "ZeroDivisionError"},
		"assert 1 == 2, 'not equal'":                         {"assert 1 == 2", "AssertionError: not equal"},
	} {
		result, d := exec(t, k, code)
		failure := d.text(sandbox.Failure)
		if result.Ending != sandbox.Raised {
			t.Errorf("%q ended %s\n%s", code, result.Ending, d)
		}
		at := 0
		for _, part := range want {
			next := strings.Index(failure[at:], part)
			if next < 0 {
				t.Errorf("%q: no %q after the %dth byte of\n%s", code, part, at, failure)
				break
			}
			at += next
		}
		if strings.Contains(failure, "/opt/guest") || strings.Contains(failure, "IPython/core") {
			t.Errorf("%q shows lines of ours:\n%s", code, failure)
		}
	}
}
