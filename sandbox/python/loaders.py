"""What load_file makes of a file, by its extension."""

import json
import os
import pickle

_TEXT = set(
    "txt text md markdown rst log py pyi js mjs ts tsx jsx sql r html htm css scss sh bash ps1 c h cc cpp hpp java kt go rs rb "
    "php pl lua swift scala jl m tex bib ini cfg conf env properties svg ipynb diff patch vtt srt ics eml".split()
)
_PICTURES = set("png jpg jpeg gif bmp webp tif tiff ico ppm".split())


def load(path, options):
    """Raises what the reader raises; an unknown extension gives bytes."""
    extension = os.path.splitext(path)[1].lower().lstrip(".")
    reader = _READERS.get(extension)
    if reader is None:
        reader = _text if extension in _TEXT else _picture if extension in _PICTURES else _bytes
    return reader(path, **options)


def _csv(path, **options):
    import pandas

    try:
        return pandas.read_csv(path, **options)
    except UnicodeDecodeError:
        if "encoding" in options:
            raise
        return pandas.read_csv(path, encoding="latin-1", **options)


def _tsv(path, **options):
    return _csv(path, **{"sep": "\t", **options})


def _excel(path, **options):
    """One sheet is a DataFrame, several are a dict of them by name."""
    import pandas

    options.setdefault("sheet_name", None)
    sheets = pandas.read_excel(path, **options)
    if isinstance(sheets, dict) and len(sheets) == 1:
        return next(iter(sheets.values()))
    return sheets


def _json(path, **options):
    """A DataFrame when the document is a table, else what it says."""
    import pandas

    if options:
        return pandas.read_json(path, **options)
    with open(path, encoding="utf-8-sig") as held:
        document = json.load(held)
    if isinstance(document, list):
        flat = document and all(isinstance(row, dict) for row in document)
        return pandas.DataFrame(document) if flat else document
    if not isinstance(document, dict) or not document:
        return document
    columns = list(document.values())
    if all(isinstance(c, dict) and c.keys() == columns[0].keys() for c in columns) and columns[0] and _scalars(columns):
        return pandas.read_json(path)
    if all(isinstance(c, list) and len(c) == len(columns[0]) for c in columns) and columns[0]:
        return pandas.DataFrame(document)
    return document


def _scalars(columns):
    return not any(isinstance(value, (dict, list)) for column in columns for value in column.values())


def _json_lines(path, **options):
    import pandas

    return pandas.read_json(path, lines=True, **options)


def _parquet(path, **options):
    import pandas

    return pandas.read_parquet(path, **options)


def _feather(path, **options):
    import pandas

    return pandas.read_feather(path, **options)


def _npy(path, **options):
    import numpy

    return numpy.load(path, **{"allow_pickle": True, **options})


def _npz(path, **options):
    with _npy(path, **options) as arrays:
        return dict(arrays)


def _pickle(path, **options):
    with open(path, "rb") as held:
        return pickle.load(held, **options)


def _joblib(path, **options):
    import joblib

    return joblib.load(path, **options)


def _yaml(path):
    import yaml

    with open(path, encoding="utf-8") as held:
        return yaml.safe_load(held)


def _toml(path):
    import tomllib

    with open(path, "rb") as held:
        return tomllib.load(held)


def _xml(path):
    from xml.etree import ElementTree

    return ElementTree.parse(path).getroot()


def _sqlite(path):
    import sqlite3

    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def _picture(path):
    from PIL import Image

    picture = Image.open(path)
    picture.load()
    return picture


def _text(path, encoding="utf-8"):
    with open(path, "rb") as held:
        return held.read().decode(encoding, "replace").removeprefix("\ufeff")


def _bytes(path):
    with open(path, "rb") as held:
        return held.read()



_READERS = {
    "csv": _csv,
    "tsv": _tsv,
    "tab": _tsv,
    "xlsx": _excel,
    "xlsm": _excel,
    "xls": _excel,
    "ods": _excel,
    "json": _json,
    "jsonl": _json_lines,
    "ndjson": _json_lines,
    "parquet": _parquet,
    "feather": _feather,
    "npy": _npy,
    "npz": _npz,
    "pickle": _pickle,
    "pkl": _pickle,
    "joblib": _joblib,
    "yaml": _yaml,
    "yml": _yaml,
    "toml": _toml,
    "xml": _xml,
    "sqlite": _sqlite,
    "sqlite3": _sqlite,
    "db": _sqlite,
}
