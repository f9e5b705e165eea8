package sandboxtest

import (
	"testing"

	"mayfly/sandbox"
)

func languageChecks() []check {
	return []check{
		{"Await", awaits},
		{"Magics", magics},
		{"PastedNotebooks", pastedNotebooks},
		{"Dedent", dedents},
		{"State", stateStays},
		{"MainModule", mainModule},
		{"MissingPackage", missingPackage},
		{"TheWholeStack", wholeStack},
		{"ForkedChildren", forkedChildren},
	}
}

func awaits(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import asyncio
async def twice(n):
    await asyncio.sleep(0)
    return 2 * n
print(await twice(4), await asyncio.gather(twice(1), twice(2)))
async with asyncio.Lock():
    print('locked')
await twice(21)`)
	said{
		{Stream: sandbox.Stdout, Text: "8 [2, 4]\nlocked\n"},
		{Stream: sandbox.Display, Text: "42"},
	}.compare(t, d)
	wantText(t, must(t, k, "asyncio.run(twice(3)) == 6 and print('run')"), sandbox.Stdout, "run\n")
}

func magics(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	wantPart(t, "%time", must(t, k, "%time sum(range(10))").text(sandbox.Stdout), "Wall time")
	wantPart(t, "%timeit", must(t, k, "%timeit -n1 -r1 1 + 1").text(sandbox.Stdout), "per loop")
	must(t, k, "%%writefile note.txt\nhello\n")
	wantPaths(t, produced(t, k), "note.txt")
	wantText(t, must(t, k, "names = !ls\nprint(names)"), sandbox.Stdout, "['note.txt']\n")
	wantPart(t, "%%capture", must(t, k, "%%capture got\nprint('kept')").text(sandbox.Stdout)+must(t, k, "print(got.stdout)").text(sandbox.Stdout), "kept")
	result, d := exec(t, k, "%nosuchmagic")
	if result.Ending == sandbox.OK && d.text(sandbox.Stderr)+d.text(sandbox.Failure) == "" {
		t.Error("an unknown magic is passed over in silence")
	}
}

// pastedNotebooks: lines that people bring along from Jupyter.
func pastedNotebooks(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for _, code := range []string{"%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])", "%matplotlib\nplt.plot([2, 1])\nplt.show()"} {
		_, d := exec(t, k, code)
		wantFigures(t, d, 1)
	}
	for _, code := range []string{
		"%config InlineBackend.figure_format = 'retina'",
		"%load_ext autoreload\n%autoreload 2",
		"from tqdm.auto import tqdm\nfor _ in tqdm(range(2)): pass",
		"from IPython.display import clear_output, display\nclear_output()",
		"get_ipython().run_line_magic('pwd', '')",
		"import warnings, logging\nwarnings.warn('careful')\nlogging.warning('seen')",
		"%%time\nsum(range(9))",
		"%env TZ",
		"%cd /tmp",
		"%cd -q /w",
		"%who",
		"?print",
	} {
		if result, d := exec(t, k, code); result.Ending != sandbox.OK {
			t.Errorf("%q: %s\n%s", code, result.Exception, d)
		}
	}
	wantText(t, must(t, k, "%%bash\necho from bash"), sandbox.Stdout, "from bash\n")
	wantPart(t, "stderr", must(t, k, "logging.error('told')").text(sandbox.Stderr), "told")
	wantPart(t, "help", must(t, k, "help(len)").text(sandbox.Stdout), "number of items")
}

// quickStart is the seed's, indented as it stands there.
const quickStart = `
    import pandas as pd
    df = pd.DataFrame({'x': [1,2,3]})
    df.to_csv('data.csv')
    df.to_json('data.json')
    print('Files created!')
    `

func dedents(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	wantText(t, must(t, k, quickStart), sandbox.Stdout, "Files created!\n")
	files := produced(t, k)
	wantPaths(t, files, "data.csv", "data.json")
	if files[0].content != ",x\n0,1\n1,2\n2,3\n" || files[1].content != `{"x":{"0":1,"1":2,"2":3}}` {
		t.Errorf("the files hold %q and %q", files[0].content, files[1].content)
	}
	wantText(t, must(t, k, "\tif True:\n\t\tprint('tabs')\n\r\n"), sandbox.Stdout, "tabs\n")
	wantText(t, must(t, k, "if 1:\r\n    print('windows')\r\n"), sandbox.Stdout, "windows\n")
}

func stateStays(t *testing.T, s *suite) {
	k, other := s.open(t, sandbox.Spec{}), s.open(t, sandbox.Spec{})
	must(t, k, "x = 41\nimport math as m\ndef f(): return x + 1\nopen('kept.txt', 'w').write('1')")
	d := must(t, k, "print(f(), m.pi > 3, open('kept.txt').read())")
	wantText(t, d, sandbox.Stdout, "42 True 1\n")
	exec(t, k, "x = 7\nraise ValueError")
	wantText(t, must(t, k, "print(x)"), sandbox.Stdout, "7\n")
	result, d := exec(t, other, "print(x)")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantText(t, must(t, other, "import os; print(os.listdir())"), sandbox.Stdout, "[]\n")
}

// mainModule: pickle and multiprocessing look functions up in __main__.
func mainModule(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import pickle, multiprocessing, concurrent.futures
def sq(n): return n * n
print(__name__, pickle.loads(pickle.dumps(sq))(3))
if __name__ == '__main__':
    with multiprocessing.Pool(2) as pool:
        print(pool.map(sq, range(4)))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        print(list(pool.map(sq, range(4))))
`)
	wantText(t, d, sandbox.Stdout, "__main__ 9\n[0, 1, 4, 9]\n[0, 1, 4, 9]\n")
}

func missingPackage(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, "import torch_that_is_not_here")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantPart(t, "the failure", d.text(sandbox.Failure), "torch_that_is_not_here")
	wantPart(t, "the failure", d.text(sandbox.Failure), "pandas")
}

// wholeStack: libraries that start threads of their own work after the fork.
func wholeStack(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import numpy as np, pandas as pd, polars as pl, duckdb, pyarrow.parquet
df = pd.DataFrame({'a': range(1000), 'b': list('xy') * 500})
df.to_parquet('t.parquet'); df.to_feather('t.feather'); df.to_excel('t.xlsx')
print(len(pd.read_parquet('t.parquet')), len(pd.read_feather('t.feather')), len(pd.read_excel('t.xlsx')))
print(pl.from_pandas(df).group_by('b').len().height, duckdb.sql('select sum(a) from df').fetchall())
from sklearn.ensemble import RandomForestClassifier
print(RandomForestClassifier(5, n_jobs=2).fit(df[['a']], df['b']).predict([[1]]).shape)
import seaborn, scipy.stats, statsmodels.api as sm, networkx as nx, sympy
print(round(scipy.stats.norm.cdf(0), 2), nx.path_graph(3).number_of_edges(), sympy.factorint(12))
print(np.linalg.svd(np.eye(200))[1].sum())
`)
	wantText(t, d, sandbox.Stdout, "1000 1000 1000\n2 [(499500,)]\n(1,)\n0.5 2 {2: 2, 3: 1}\n200.0\n")
}

// forkedChildren: what os.fork() returns twice ends the run once, and the
// child's prints are the run's.
func forkedChildren(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Limits: sandbox.Limits{Pids: 24}})
	d := must(t, k, `import os
pid = os.fork()
if pid:
    print('child ended with', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
else:
    print('I am the child', flush=True)
`)
	wantText(t, d, sandbox.Stdout, "I am the child\nchild ended with 0\n")
	// Orphans become the kernel's own, and count in its pids until it reaps them.
	for range 3 {
		must(t, k, `for _ in range(12):
    if os.fork() == 0:
        if os.fork() == 0: os._exit(0)
        os._exit(0)
    os.wait()`)
	}
}
