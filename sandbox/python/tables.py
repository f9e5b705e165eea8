"""Readers of tables and databases. They import late: most runs load little."""

from . import reading

_READ_ONLY = "mode=ro&immutable=1"  # no journal beside it is looked for, none is made


def csv(path, **options):
    import pandas

    if "encoding" in options:
        return pandas.read_csv(path, **options)
    if reading.utf16(path):
        return pandas.read_csv(path, encoding="utf-16", **options)
    try:
        return pandas.read_csv(path, **options)
    except UnicodeDecodeError:
        return pandas.read_csv(path, encoding="latin-1", **options)


def tsv(path, **options):
    return csv(path, **{"sep": "\t", **options})


def psv(path, **options):
    return csv(path, **{"sep": "|", **options})


def excel(path, **options):
    """One sheet is a DataFrame, several are a dict of them by name."""
    import pandas

    options.setdefault("sheet_name", None)
    if reading.extension(path) not in ("xlsx", "xlsm"):
        options.setdefault("engine", "calamine")
    sheets = pandas.read_excel(path, **options)
    if isinstance(sheets, dict) and len(sheets) == 1:
        return next(iter(sheets.values()))
    return sheets


def with_pandas(function):
    def read(path, **options):
        import pandas

        return getattr(pandas, function)(path, **options)

    return read


def feather(path, **options):
    """An Arrow file is the same; an Arrow stream has no end to begin from."""
    import pyarrow

    try:
        return with_pandas("read_feather")(path, **options)
    except pyarrow.ArrowInvalid:
        if reading.head(path, 6) == b"ARROW1":
            raise
        with pyarrow.ipc.open_stream(path) as stream:
            return stream.read_pandas(**options)


def avro(path, **options):
    import polars

    return polars.read_avro(path, **options).to_pandas()


def sqlite(path):
    import sqlite3
    from urllib.parse import quote

    if reading.head(path, 12)[8:] == b"DUCK":
        return duckdb(path)
    return sqlite3.connect(f"file:{quote(path)}?{_READ_ONLY}", uri=True)


def duckdb(path):
    import duckdb

    return duckdb.connect(path, read_only=True)
