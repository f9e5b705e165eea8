"""What load_file makes of a file, by its extension.

Which reader an extension has is said in one place, the table of package models;
the host lays it here as JSON.
"""

import bz2
import contextlib
import gzip
import json
import lzma
import os
import shutil
import tempfile

from . import arrays, documents, reading, tables

with open("/opt/guest/loaders.json") as _laid:
    TABLE = json.load(_laid)  # extension without the dot → name of a reader


def load(path, options):
    """Raises what the reader raises; an unknown extension gives bytes."""
    return READERS[_reader(path)](path, **options)


def _reader(path):
    return TABLE.get(reading.extension(path), "bytes")


def _zip(path):
    import zipfile

    return zipfile.ZipFile(path)


def _tar(path):
    import tarfile

    return tarfile.open(path)


# Readers that see through these compressions themselves, piece by piece.
_SEEING, _SEEN = ("csv", "tsv", "psv", "tar"), ("gz", "bz2", "xz")


def _compressed(path, **options):
    """Unpacks into a folder that is gone afterwards: an open handle keeps its
    file."""
    inner = os.path.basename(os.path.splitext(path)[0])
    name = _reader(inner)
    if name in _SEEING and reading.extension(path) in _SEEN:
        return READERS[name](path, **options)
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, inner)
        with _unpacked(path) as packed, open(place, "wb") as held:
            shutil.copyfileobj(packed, held, 1 << 20)
        return READERS[name](place, **options)


def _unpacked(path):
    kind = reading.extension(path)
    if opener := {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}.get(kind):
        return opener(path)
    import pyarrow

    return contextlib.closing(pyarrow.input_stream(path, compression={"zst": "zstd"}.get(kind, kind)))


READERS = {
    "csv": tables.csv,
    "tsv": tables.tsv,
    "psv": tables.psv,
    "excel": tables.excel,
    "parquet": tables.with_pandas("read_parquet"),
    "feather": tables.feather,
    "orc": tables.with_pandas("read_orc"),
    "avro": tables.avro,
    "stata": tables.with_pandas("read_stata"),
    "sas": tables.with_pandas("read_sas"),
    "sqlite": tables.sqlite,
    "duckdb": tables.duckdb,
    "json": documents.parsed_json,
    "jsonl": documents.json_lines,
    "document": documents.tree,
    "yaml": documents.yaml,
    "toml": documents.toml,
    "ini": documents.ini,
    "plist": documents.plist,
    "msgpack": documents.msgpack,
    "xml": documents.xml,
    "docx": documents.docx,
    "odf": documents.odf,
    "pdf": documents.pdf,
    "npy": arrays.npy,
    "npz": arrays.npz,
    "pickle": arrays.pickled,
    "joblib": arrays.joblib,
    "hdf": arrays.hdf,
    "netcdf": arrays.netcdf,
    "matlab": arrays.matlab,
    "matrix": arrays.matrix,
    "graphml": arrays.with_networkx("read_graphml"),
    "gexf": arrays.with_networkx("read_gexf"),
    "gml": arrays.with_networkx("read_gml"),
    "picture": arrays.picture,
    "wav": arrays.wav,
    "zip": _zip,
    "tar": _tar,
    "compressed": _compressed,
    "text": reading.text,
    "bytes": reading.raw,
}
