"""What callers give, checked before anything is sent. Wrong types are TypeError and ValueError."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Any, Iterable

from yarl import URL

from ._errors import NotFoundError

# Statuses by which an upload is refused for what the file is: too large, no room.
ABOUT_THE_FILE = frozenset({413, 507})


def address(url: str) -> str:
    """The server's address without a slash at its end."""
    if not url:
        raise ValueError("No server: give Client its url, or set MAYFLY_API_URL.")
    parsed = URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query_string or parsed.user:
        raise ValueError(f"{url!r} is no address of a server: it looks like https://mayfly.example.org")
    return str(parsed).rstrip("/").removesuffix("/api/v1")


def token(value: str) -> str:
    """The token, which is never shown in an error."""
    value = value.strip()
    if not value:
        raise ValueError("No token: give Client one of `mayfly token create`, or set MAYFLY_API_TOKEN.")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("The token has characters that no token has: copy it again.")
    return value


def user(value: int | str) -> str:
    """A Discord id as the API writes it."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError(f"user_id is a Discord id, an int or a str of digits, not {type(value).__name__}")
    text_ = str(value)
    if not re.fullmatch(r"[0-9]{1,20}", text_) or int(text_) == 0:
        raise ValueError(f"user_id is a Discord id of 1 to 20 digits, not {text_[:40]!r}")
    return text_


def file(value: str) -> str:
    """A file id that can stand in an address. What cannot be one is not found."""
    if not isinstance(value, str):
        raise TypeError(f"a file_id is a str, not {type(value).__name__}")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", value):
        raise NotFoundError(
            f"There is no file {value[:80]!r}.", "Nothing was changed.", "Check the file_id.", status=404, code="not_found"
        )
    return value


def ids(value: Iterable[str]) -> list[str]:
    """A list of ids. One id alone is a common slip and would be read letter by letter."""
    if isinstance(value, str):
        raise TypeError("user_files is a list of file ids: put the id in [ ]")
    return list(value)


def text(value: str, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is a str, not {type(value).__name__}")
    return value


def filename(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"filename is a str, not {type(value).__name__}")
    if not value.strip() or any(ord(letter) < 32 for letter in value):
        raise ValueError(f"{value!r} is no file name")
    return value


async def data(value: Any) -> bytes:
    """The bytes of an upload."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, os.PathLike):
        return await asyncio.to_thread(Path(value).read_bytes)
    read = getattr(value, "read", None)
    content = await asyncio.to_thread(read) if callable(read) else None
    if not isinstance(content, bytes):
        raise TypeError(f"file_data is bytes, a path, or a file opened with 'rb', not {type(value).__name__}")
    return content
