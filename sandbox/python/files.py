"""load_file, get_file_path and list_files: the host decides, at each call."""

import contextlib
import os

from . import loaders, streams
from .walls import INPUTS_FD

_held = {}  # file id → path below /inputs


def install(channel, shell):
    shelf = Shelf(channel)
    module = __import__("mayfly")
    for function in (shelf.load_file, shelf.get_file_path, shelf.list_files):
        shell.user_ns[function.__name__] = function
        setattr(module, function.__name__, function)
    shell.user_ns_hidden.update({name: shell.user_ns[name] for name in ("load_file", "get_file_path", "list_files")})


class Shelf:
    """Your live files, as this run may read them."""

    def __init__(self, channel):
        self.channel = channel

    def load_file(self, file, **options):
        """Reads one of your files, by file_id or by name, into what fits its
        type: tables → DataFrame, images → picture, text → str, and so on.
        Options go to the reader, such as load_file("a.csv", sep=";")."""
        return loaders.load(self.get_file_path(file), options)

    def get_file_path(self, file):
        """The path of a read-only copy of one of your files."""
        with self.channel.lock:
            return self._fetch(str(file))

    def list_files(self):
        """Your live files: file_id, filename, size, type, times."""
        with self._asking():
            self.channel.send(t="list")
            answer = self.channel.receive()
        if error := answer.get("error"):
            raise OSError(error)
        return FileList(answer["files"])

    @contextlib.contextmanager
    def _asking(self):
        with self.channel.lock, self.channel.interrupts:
            if not self.channel.may_speak():
                raise OSError("files can be read while a cell runs, and in its own process only, not in one it started")
            streams.flush()
            yield

    def _fetch(self, ref):
        with self._asking():
            self.channel.send(t="open", ref=ref)
            answer = self.channel.receive()
            if answer["t"] != "file":
                raise FileNotFoundError(answer["error"])
            name = answer["file"]["file_id"]
            path = _held.get(name)
            self.channel.send(t="want", want=path is None)
            if path is None:
                path = _held[name] = self._store(len(_held) + 1, answer["file"]["filename"])
        return path

    def _store(self, number, name):
        """Writes the coming pieces. On trouble the rest is still taken from the
        channel, so that the next request finds it empty."""
        name = os.path.basename(name.replace("\0", "")) or "file"
        folder, trouble = str(number), None
        os.mkdir(folder, 0o700, dir_fd=INPUTS_FD)
        opener = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400, dir_fd=INPUTS_FD)
        with open(opener, "wb") as held:
            while piece := self.channel.receive_bytes():
                try:
                    trouble or held.write(piece)
                except OSError as full:
                    trouble = full
        if trouble:
            raise trouble
        return f"/inputs/{folder}/{name}"


class FileList(list):
    """A list of dicts that prints as a table."""

    _columns = ("filename", "size", "type", "expires_at", "file_id")

    def __repr__(self):
        if not self:
            return "no files"
        rows = [self._columns] + [tuple(str(f.get(c, "")) for c in self._columns) for f in self]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self._columns))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
