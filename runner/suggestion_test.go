package runner_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"mayfly/internal/testkit/node"
	"mayfly/models"
)

// makeFiles writes one file for each loader that a ready cell may meet.
const makeFiles = `
import json, pickle, sqlite3, tarfile, wave, zipfile
import docx, duckdb, h5py, joblib, networkx as nx, numpy as np, pandas as pd, scipy.io, scipy.sparse, yaml
from odf import opendocument, text as odftext
from PIL import Image
from reportlab.pdfgen import canvas
df = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "c"]})
df.to_csv("table.csv", index=False)
pd.DataFrame({"y": ["a"]}).to_csv("words.csv", index=False)
df.to_parquet("table.parquet")
df.to_excel("one.xlsx", index=False)
with pd.ExcelWriter("two.xlsx") as book:
    df.to_excel(book, sheet_name="a"); df.to_excel(book, sheet_name="b")
df.to_json("table.json", orient="records")
json.dump({"a": {"b": [1, 2]}}, open("tree.json", "w"))
df.to_json("lines.jsonl", orient="records", lines=True)
open("odd.jsonl", "w").write('1\n"x"\n')
yaml.safe_dump({"a": [1]}, open("tree.yaml", "w"))
open("settings.ini", "w").write("[a]\nb = 1\n")
open("part.xml", "w").write("<a><b c='1'>x</b></a>")
nx.write_graphml(nx.path_graph(3), "graph.graphml")
np.save("flat.npy", np.arange(9.0)); np.save("square.npy", np.eye(3)); np.savez("many.npz", a=np.arange(3))
scipy.io.savemat("old.mat", {"a": np.eye(2)}); scipy.io.mmwrite("sparse.mtx", scipy.sparse.eye(3))
df.to_hdf("frame.h5", key="t")
with h5py.File("plain.hdf5", "w") as f: f["a"] = [1, 2]
with scipy.io.netcdf_file("sea.nc", "w") as f:
    f.createDimension("n", 3); f.createVariable("v", "i4", ("n",))[:] = [1, 2, 3]
pickle.dump({"a": 1}, open("thing.pkl", "wb")); joblib.dump([1, 2], "thing.joblib")
with sqlite3.connect("base.sqlite") as c: c.execute('create table "odd name" as select 7 as x')
with duckdb.connect("base.duckdb") as c: c.execute("create table t as select 7 as x")
Image.new("L", (4, 3), 99).save("grey.png")
with wave.open("tone.wav", "wb") as w:
    w.setparams((2, 2, 8000, 0, "NONE", "")); w.writeframes(b"\0\1" * 800)
with zipfile.ZipFile("packed.zip", "w") as z: z.writestr("in/a.txt", "x")
with tarfile.open("packed.tar.gz", "w:gz") as t: t.add("table.csv")
d = docx.Document(); d.add_paragraph("words"); d.save("letter.docx")
o = opendocument.OpenDocumentText(); o.text.addElement(odftext.P(text="words")); o.save("letter.odt")
p = canvas.Canvas("page.pdf"); p.drawString(99, 99, "words"); p.save()
open("poem.txt", "w").write("one two\ntwo\n" * 9); open("raw.bin", "wb").write(b"\0\1")
open("film.mp4", "wb").write(b"\0" * 99); open("song.mp3", "wb").write(b"\0" * 99)
`

// TestEveryReadyCellRuns: on a file of its kind, whatever stands in it.
func TestEveryReadyCellRuns(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	made := n.Do(t, owner, makeFiles)
	mustEnd(t, made, models.OK, 0)
	files, err := n.Store.RunFiles(t.Context(), owner, made.ID)
	if err != nil || len(files) < 35 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var cells [][2]string
	loaders := map[string]bool{}
	for _, f := range files {
		loaders[f.Type().Loader] = true
		for _, c := range models.Suggestions(f.Name) {
			cells = append(cells, [2]string{f.Name + ": " + c.Words, c.Code})
		}
	}
	if len(loaders) < 26 {
		t.Errorf("only %d loaders are met", len(loaders))
	}
	all, err := json.Marshal(cells)
	if err != nil {
		t.Fatal(err)
	}
	run := n.Do(t, owner, fmt.Sprintf(`
import contextlib, io, json
import matplotlib.pyplot as plt
for label, code in json.loads(%q):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, label, "exec"), {"load_file": load_file, "display": lambda *_: None})
    except BaseException as e:
        print(f"FAILED {label}: {type(e).__name__}: {e}")
    plt.close("all")
print("done")`, string(all)))
	if said := n.Said(t, run, "stdout"); !strings.HasSuffix(said, "done\n") || strings.Contains(said, "FAILED") {
		t.Errorf("%s %s: %s", run.Ending, run.Exception, said)
	}
}
