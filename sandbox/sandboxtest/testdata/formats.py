# Writes one file for every extension that the installed packages can write.
# LOADERS maps extensions to loaders; UNWRITTEN is what this cannot write.
import bz2, gzip, io, json, lzma, pickle, plistlib, sqlite3, tarfile, zipfile
import docx, duckdb, h5py, joblib, msgpack, networkx as nx, numpy as np, pandas as pd, polars as pl, pyarrow as pa, scipy.io, scipy.sparse, yaml
from odf import opendocument, text as odftext
from PIL import Image
from reportlab.pdfgen import canvas

df = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "ü"]})
graph = nx.path_graph(3)
tree = {"a": {"b": [1, 2]}}


def put(path, content):
    with open(path, "wb" if isinstance(content, bytes) else "w") as held:
        held.write(content)


def database(path):
    with sqlite3.connect(path) as c:
        c.execute("create table t as select 7 as x")
    c.close()


def duck(path):
    with duckdb.connect(path) as c:
        c.execute("create table t as select 7 as x")


def wordy(path):
    document = docx.Document()
    document.add_paragraph("tëxt")
    document.save(path)


def odf(path):
    document = opendocument.OpenDocumentText() if path.endswith("odt") else opendocument.OpenDocumentPresentation()
    if path.endswith("odt"):
        document.text.addElement(odftext.P(text="tëxt"))
    document.save(path)


def pdf(path):
    page = canvas.Canvas(path)
    page.drawString(99, 99, "hello")
    page.save()


def zipped(path):
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("in.txt", "tëxt")


def tarred(path):
    kind = {"tar": "w", "tgz": "w:gz", "tbz2": "w:bz2", "txz": "w:xz", "gz": "w:gz", "zst": "w"}[path.rsplit(".")[-1]]
    with tarfile.open(path, kind) as t:
        info = tarfile.TarInfo("in.txt")
        info.size = 2
        t.addfile(info, io.BytesIO(b"ok"))


def netcdf(path):
    with scipy.io.netcdf_file(path, "w") as f:
        f.createDimension("n", 3)
        f.createVariable("v", "i4", ("n",))[:] = [1, 2, 3]


def picture(path):
    kind = {"jpe": "JPEG", "jfif": "JPEG", "apng": "PNG", "pnm": "PPM", "pgm": "PPM", "pbm": "PPM"}.get(path.split(".")[-1])
    size = (16, 16) if path.endswith("icns") else (4, 3)
    Image.new("1" if path.endswith("pbm") else "L" if path.endswith("pgm") else "RGB", size, 1).save(path, format=kind)


def packed(path):
    """A CSV table inside."""
    kind, raw = path.split(".")[-1], df.to_csv(index=False).encode()
    if kind in ("zst", "lz4"):
        with pa.CompressedOutputStream(path, {"zst": "zstd"}.get(kind, kind)) as out:
            out.write(raw)
    else:
        put(path, {"gz": gzip, "bz2": bz2, "xz": lzma}[kind].compress(raw))


def h5(path):
    with h5py.File(path, "w") as f:
        f["d"] = [1, 2]


MAKERS = {
    "csv": lambda p: df.to_csv(p, index=False),
    "tsv": lambda p: df.to_csv(p, index=False, sep="\t"),
    "psv": lambda p: df.to_csv(p, index=False, sep="|"),
    "excel": lambda p: df.to_excel(p, index=False, engine="odf" if p.endswith("ods") else "openpyxl"),
    "parquet": df.to_parquet,
    "feather": df.to_feather,
    "orc": df.to_orc,
    "avro": pl.from_pandas(df).write_avro,
    "stata": lambda p: df.to_stata(p, write_index=False, version=118),
    "sqlite": database,
    "duckdb": duck,
    "json": lambda p: df.to_json(p, orient="records"),
    "jsonl": lambda p: df.to_json(p, orient="records", lines=True),
    "document": lambda p: put(p, json.dumps(tree)),
    "yaml": lambda p: put(p, yaml.safe_dump(tree)),
    "toml": lambda p: put(p, "[a]\nb = [1, 2]\n"),
    "ini": lambda p: put(p, "[a]\nb = 50%\n"),
    "plist": lambda p: put(p, plistlib.dumps(tree)),
    "msgpack": lambda p: put(p, msgpack.packb(tree)),
    "xml": lambda p: df.to_xml(p, index=False),
    "docx": wordy,
    "odf": odf,
    "pdf": pdf,
    "npy": lambda p: np.save(p, np.arange(5)),
    "npz": lambda p: np.savez(p, a=np.ones(2)),
    "pickle": lambda p: put(p, pickle.dumps({"k": (1, 2)})),
    "joblib": lambda p: joblib.dump({"k": (1, 2)}, p),
    "hdf": lambda p: df.to_hdf(p, key="k"),
    "netcdf": netcdf,
    "matlab": lambda p: scipy.io.savemat(p, {"a": np.arange(3)}),
    "matrix": lambda p: scipy.io.mmwrite(p, scipy.sparse.eye_array(3)),
    "graphml": lambda p: nx.write_graphml(graph, p),
    "gexf": lambda p: nx.write_gexf(graph, p),
    "gml": lambda p: nx.write_gml(graph, p),
    "picture": picture,
    "wav": lambda p: scipy.io.wavfile.write(p, 8000, np.arange(4, dtype="int16")),
    "zip": zipped,
    "tar": tarred,
    "compressed": lambda p: packed(p.replace("t.", "t.csv.")),
    "text": lambda p: put(p, "tëxt\n"),
    "bytes": lambda p: put(p, b"\x00\xff"),
}

for extension, loader in LOADERS.items():
    if extension not in UNWRITTEN:
        MAKERS[loader](f"t.{extension}")

# The other shapes that a loader knows.
with pd.ExcelWriter("two.xlsx") as w:
    df.to_excel(w, sheet_name="one", index=False)
    df.to_excel(w, sheet_name="two", index=False)
df.to_excel("named.xlsx", index=False)
with open("named.xlsx", "rb") as held:
    put("named.xls", held.read())
df.to_json("columns.json")
put("tree.json", json.dumps(tree))
put("scalar.json", "7")
put("mixed.jsonl", '{"a": 1}\n\n[2]\n')
put("several.yaml", "a: 1\n---\nb: 2\n")
put("loose.cfg", "no sections = here\n")
put("latin.csv", "x,y\n1,ü\n".encode("latin-1"))
put("wide.csv", df.to_csv(index=False).encode("utf-16"))
put("wide.txt", "tëxt".encode("utf-16"))
put("marked.txt", b"\xef\xbb\xbfhead")
put("noending", b"\x00\xff")
put("odd.weird", b"\x00\xff")
with pa.ipc.new_stream("stream.arrow", pa.Table.from_pandas(df).schema) as s:
    s.write_table(pa.Table.from_pandas(df))
df.to_hdf("both.h5", key="one")
df.to_hdf("both.h5", key="two")
h5("plain.h5")
h5("four.nc")
h5("odd.mat")
duck("duck.db")
tarred("t.tar.gz")
put("t.json.gz", gzip.compress(json.dumps(tree).encode()))
put("t.weird.gz", gzip.compress(b"\x00\xff"))
with open("t.sqlite", "rb") as held:
    put("t.sqlite.xz", lzma.compress(held.read()))
tarred("plain.tar.zst")
with open("plain.tar.zst", "rb") as held:
    raw = held.read()
with pa.CompressedOutputStream("plain.tar.zst", "zstd") as out:
    out.write(raw)
