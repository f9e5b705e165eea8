"""Tables as data: the first page of a DataFrame, and others on demand."""

import collections
import hashlib
import json
import math
import secrets
import sys
import weakref

MIME = "application/vnd.mayfly.table+json"

# A table of at most _WHOLE rows is shown whole, as Jupyter does; of a longer
# one the first page. ROWS and COLUMNS are what one page may hold (look.go).
_WHOLE = 60
_PAGE = 20
_MARK_COLUMNS = 8
ROWS, COLUMNS = 200, 50
_CELL_MAX = 200  # characters of one cell
_BYTES_MAX = 256 << 10  # of one page

# Columns of objects that are numbers, as pandas calls what they hold; and those that
# read as floats do.
_FLOATS = ("floating", "mixed-integer-float")
_NUMBERS = (*_FLOATS, "integer", "decimal")

# Tables that more can be asked of. They are held weakly; small ones stay, for
# display(frame.head()) leaves nobody else who does.
_HELD_MAX = 100
_KEPT_MAX = 20
_SMALL = 1 << 20  # bytes
_held = collections.OrderedDict()  # id → weak reference, and the mark of what it held
_kept = collections.deque(maxlen=_KEPT_MAX)


def register(shell):
    """Adds the form to the shell's displays. Runs in the zygote."""
    from IPython.core.formatters import BaseFormatter
    from traitlets import ObjectName, Unicode

    class TableFormatter(BaseFormatter):
        format_type = Unicode(MIME)
        print_method = ObjectName("_repr_mayfly_table_")
        _return_type = (str, type(None))

    formatter = TableFormatter(parent=shell.display_formatter)
    for library in ("pandas", "polars"):
        if module := sys.modules.get(library):
            formatter.for_type(module.DataFrame, first)
    shell.display_formatter.formatters[MIME] = formatter


def first(frame):
    """The first page of a table that is being shown."""
    try:
        rows = len(frame)
        if not rows and not frame.shape[1]:
            return None  # the text says more
        return _dump(frame, _hold(frame), 0, rows if rows <= _WHOLE else _PAGE, 0, COLUMNS)
    except Exception:  # what cannot be read so has other forms
        return None


def page(table, start, rows, column, width):
    """Another page, or None when the table is not held any more."""
    frame = held(table)
    if frame is None:
        return None
    start, column = min(start, len(frame)), min(column, frame.shape[1])
    return _dump(frame, table, start, min(rows, ROWS), column, min(width, COLUMNS))


def held(table):
    """The frame itself, None when it is not held any more."""
    reference, _ = _held.get(table, (None, None))
    return reference() if reference is not None else None


def unchanged(table, frame):
    """Whether it holds what it held when it was shown, as far as a sample tells."""
    return _held[table][1] == _mark(frame)


def _mark(frame):
    """A name for what a frame holds: its shape, and rows from all of it. What cannot
    be read so has none."""
    try:
        return _sampled(frame)
    except Exception:
        return b""


def _sampled(frame):
    rows, columns = _spread(len(frame), _PAGE), _spread(frame.shape[1], _MARK_COLUMNS)
    if is_polars(frame):
        read, part = _polars, frame[rows].select([frame.columns[i] for i in columns])
    else:
        read, part = _pandas, frame.iloc[rows, columns]
    said = repr((frame.shape, read(part, 0, len(rows), 0, len(columns))))
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).digest()


def _spread(count, most):
    """Places from all of so many, the last among them."""
    return list(range(count)) if count <= most else [count * i // most for i in range(most)] + [count - 1]


def _hold(frame):
    table = secrets.token_hex(8)
    _held[table] = weakref.ref(frame), _mark(frame)
    while len(_held) > _HELD_MAX:
        _held.popitem(last=False)
    if _size(frame) <= _SMALL:
        _kept.append(frame)
    return table


def _size(frame):
    if is_polars(frame):
        return frame.estimated_size()
    return int(frame.memory_usage(index=True, deep=False).sum())


def _dump(frame, table, start, rows, column, width):
    """Half the rows until the page is small enough."""
    while True:
        made = _polars(frame, start, rows, column, width) if is_polars(frame) else _pandas(frame, start, rows, column, width)
        made.update(id=table, rows=len(frame), columns=int(frame.shape[1]), **{"from": start}, column=column)
        text = json.dumps(made, ensure_ascii=False)
        if len(text) <= _BYTES_MAX or rows <= 1:
            return text if len(text) <= 2 * _BYTES_MAX else None
        rows //= 2


def is_polars(frame):
    return type(frame).__module__.partition(".")[0] == "polars"


def _pandas(frame, start, rows, column, width):
    import pandas as pd

    part = frame.iloc[start : start + rows, column : column + width]
    columns = [_series(part.iloc[:, i]) for i in range(part.shape[1])]
    levels = [_series(part.index.get_level_values(i)) for i in range(part.index.nlevels)]
    head = []
    for i, name in enumerate(part.columns):
        dtype = part.dtypes.iloc[i]
        head.append({"name": _names(name), "dtype": _cut(str(dtype)), "right": _numeric(dtype, pd) or _of_numbers(part.iloc[:, i])})
    body = [{"index": [level[r] for level in levels], "cells": [cells[r] for cells in columns]} for r in range(len(part))]
    return {"kind": "pandas", "index": ["" if name is None else _cut(str(name)) for name in part.index.names], "head": head, "body": body}


def _numeric(dtype, pd):
    return bool(pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype))


def _of_numbers(values):
    """Whether a column of objects holds nothing but numbers, as a frame that was
    turned on its side does."""
    import pandas as pd

    return values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) in _NUMBERS


def _series(values):
    """One column as text, missing values as None; floats as pandas shows them."""
    import numpy as np
    import pandas as pd

    missing = pd.isna(values)
    if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) in _FLOATS:
        values = pd.to_numeric(values, errors="coerce")
    dtype = values.dtype
    if pd.api.types.is_float_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype):
        from pandas.io.formats.format import format_array

        plain = isinstance(dtype, np.dtype) and dtype.kind == "f"
        texts = [text.strip() for text in format_array(np.asarray(values) if plain else values.array, None)]
    else:
        texts = [_text(value) for value in values]
    return [None if gone else _cut(text) for text, gone in zip(texts, missing)]


def _polars(frame, start, rows, column, width):
    part = frame.slice(start, rows)
    part = part.select(part.columns[column : column + width])
    head = [{"name": [_cut(name)], "dtype": _cut(str(dtype)), "right": dtype.is_numeric()} for name, dtype in part.schema.items()]
    body = [{"index": [], "cells": [None if value is None else _cut(_text(value)) for value in row]} for row in part.iter_rows()]
    return {"kind": "polars", "index": [], "head": head, "body": body}


def _names(name):
    return [_cut(str(part)) for part in name][:10] if isinstance(name, tuple) and name else [_cut(str(name))]


def _text(value):
    if isinstance(value, float):
        return _float(value)
    return value if isinstance(value, str) else str(value)


def _float(value):
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else str(value)
    if value and not 1e-4 <= abs(value) < 1e15:
        return f"{value:.6e}"
    whole, _, rest = f"{value:.6f}".partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}"


def _cut(text):
    """At most 200 characters, without line breaks, that UTF-8 can hold."""
    if len(text) > _CELL_MAX:
        text = text[: _CELL_MAX - 1] + "…"
    return text.replace("\r", "\\r").replace("\n", "\\n").encode("utf-8", "backslashreplace").decode()
