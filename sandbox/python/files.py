"""load_file, get_file_path and list_files: the host decides, at each call."""

import contextlib
import os

from . import loaders, streams
from .walls import INPUTS_FD

_REF_MAX = 2_000  # characters: no file has a longer name
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
        self.stored = 0

    def load_file(self, file, **options):
        """Reads one of your files, by file_id, name or row of list_files(), into
        what fits its type: tables → DataFrame, images → picture, text → str, and
        so on. Options go to the reader, such as
        load_file("a.csv", sep=";")."""
        return loaders.load(self.get_file_path(file), options)

    def get_file_path(self, file):
        """The path of a read-only copy of one of your files."""
        with self.channel.lock:
            return self._fetch(str(file["file_id"] if isinstance(file, dict) else file))

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
            self.channel.send(t="open", ref=ref[:_REF_MAX])
            answer = self.channel.receive()
            if answer["t"] != "file":
                raise FileNotFoundError(answer["error"] + _lies_here(ref))
            name = answer["file"]["file_id"]
            path = _held.get(name)
            self.channel.send(t="want", want=path is None)
            if path is None:
                path = _held[name] = self._store(answer["file"]["filename"])
        return path

    def _store(self, name):
        """Writes the coming pieces. On trouble the rest is still taken from the
        channel, so that the next request finds it empty."""
        self.stored += 1
        place, trouble, held = f"{self.stored}/{os.path.basename(name) or 'file'}", None, None
        try:
            os.mkdir(str(self.stored), 0o700, dir_fd=INPUTS_FD)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            held = open(os.open(place, flags, 0o400, dir_fd=INPUTS_FD), "wb", buffering=0)
        except OSError as unfit:
            trouble = unfit
        try:
            while piece := self.channel.receive_bytes():
                trouble = trouble or _write(held, piece)
        except OSError as stopped:
            trouble = stopped
        if held:
            held.close()
        if not trouble:
            return f"/inputs/{place}"
        if held:
            os.remove(place, dir_fd=INPUTS_FD)
        raise trouble


def _lies_here(ref):
    """What the code wrote itself is no file of its owner's before the run ends."""
    if os.path.isfile(ref):
        return f" The path {ref[:100]!r} does exist in here, as this run has it: open it with open() or pandas."
    return ""


def _write(held, piece):
    """Returns what went wrong, instead of raising it."""
    try:
        view = memoryview(piece)
        while view:
            view = view[held.write(view) :]
    except OSError as full:
        return full


class FileList(list):
    """A list of dicts that prints as a table."""

    _columns = ("filename", "size", "type", "expires_at", "file_id")

    def __repr__(self):
        if not self:
            return "no files"
        rows = [self._columns] + [tuple(str(f.get(c, "")) for c in self._columns) for f in self]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self._columns))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
