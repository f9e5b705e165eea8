"""What several readers need to know of a file, and the two plainest ones."""

import os


def extension(path):
    return os.path.splitext(path)[1].lower().lstrip(".")


def head(path, size):
    with open(path, "rb") as held:
        return held.read(size)


def utf16(path):
    """Says so in its first two bytes; Excel and Notepad write it."""
    return head(path, 2) in (b"\xff\xfe", b"\xfe\xff")


def encoding(path):
    return "utf-16" if utf16(path) else "utf-8-sig"


def text(path, **options):
    chosen = options.pop("encoding", None) or encoding(path)
    return raw(path, **options).decode(chosen, "replace")


def raw(path):
    with open(path, "rb") as held:
        return held.read()
