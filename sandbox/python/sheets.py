"""A whole table as CSV, as its own library writes it, piece by piece."""

import base64
import io
import json

from . import tabular

# It is made whole, for what a library writes of a column may depend on all of it,
# and held until its last piece is taken or a cell runs.
_MOST = 50_000_000  # bytes
_PIECE = 600_000  # bytes; base64 in a message of at most 1 MiB

_held = {"table": None, "text": b""}


class _TooLarge(Exception):
    pass


class _Text(io.StringIO):
    """What is written into it, as bytes, up to a size."""

    def __init__(self):
        super().__init__()
        self.made = bytearray()

    def write(self, text):
        self.made += text.encode("utf-8", "backslashreplace")
        if len(self.made) > _MOST:
            raise _TooLarge
        return len(text)


def forget():
    _held.update(table=None, text=b"")


def piece(table, start):
    """The bytes of the CSV from there on, in JSON; or why there is none. None when
    the table is not held any more."""
    if start == 0:
        forget()
        frame = tabular.held(table)
        if frame is None:
            return None
        if not tabular.unchanged(table, frame):
            return json.dumps({"why": "changed"})
        try:
            _held.update(text=_made(frame), table=table)
        except (_TooLarge, MemoryError):
            return json.dumps({"why": "large"})
        except Exception:  # what a library cannot write so, such as lists of polars
            return json.dumps({"why": "failed"})
    if _held["table"] != table:
        return None
    text = _held["text"]
    part = text[start : start + _PIECE]
    if start + _PIECE >= len(text):
        forget()
    return json.dumps({"size": len(text), "from": start, "data": base64.b64encode(part).decode()})


def _made(frame):
    if tabular.is_polars(frame):
        if frame.estimated_size() > 4 * _MOST:
            raise _TooLarge
        text = frame.write_csv().encode()
        if len(text) > _MOST:
            raise _TooLarge
        return text
    held = _Text()
    frame.to_csv(held)
    return bytes(held.made)
