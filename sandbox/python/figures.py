"""Open matplotlib figures are shown when a cell ends, without savefig."""

import base64
import io
import os
import struct
import sys
import weakref

from . import alt, display

_state = {"shell": None, "keep": False, "kept": 0}
_saved = weakref.WeakKeyDictionary()  # figure → the picture files that the run saved it as, since it last changed

# A picture that the run has just saved is shown as it is up to this size; a
# larger one (a print at 600 dpi) is drawn anew for the page.
_AS_SAVED_MAX = 1 << 20
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".svg", ".tif", ".tiff")


def install(shell, keep):
    _state.update(shell=shell, keep=keep, kept=0)


def was_saved(figure, target):
    """The backend's word that savefig has just written the figure."""
    if isinstance(target, (str, os.PathLike)):
        path = os.path.abspath(os.fspath(target))
        if isinstance(path, str) and path.lower().endswith(_PICTURES) and (stamp := _stamp(path)):
            _saved.setdefault(figure, {})[path] = stamp
            figure.stale = False  # whatever draws on it from now on says so here


def _stamp(path):
    try:
        found = os.stat(path)
        return found.st_ino, found.st_size, found.st_mtime_ns
    except OSError:
        return None


def _copies(figure):
    """Where the run has saved this figure as it is now, and left it so."""
    if figure.stale:
        _saved.pop(figure, None)
    return [path for path, stamp in _saved.get(figure, {}).items() if _stamp(path) == stamp]


def show_open():
    """Shows every open figure, in order, and closes it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    shell = _state["shell"]
    if pyplot is None or shell is None or shell.channel is None or not shell.channel.may_speak():
        return
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        try:
            _show(shell, figure)
        finally:
            pyplot.close(figure)


def _show(shell, figure):
    copies = _copies(figure)
    picture = next(filter(None, map(_read, copies)), None) or _png(figure)
    width, height = struct.unpack(">II", picture[16:24])
    if copies and width != (shown := round(figure.get_figwidth() * 100)):
        width, height = shown, round(height * shown / width)  # saved at another dpi
    facts = {"alt": alt.of(figure), "width": width, "height": height}
    if title := alt.title(figure):
        facts["title"] = title  # what a file of it is called
    bundle = {"image/png": base64.b64encode(picture).decode(), "text/plain": repr(figure), display.PICTURE: facts}
    display.publish(shell.channel, bundle)
    if _state["keep"] and not copies:
        _keep(picture)


def _read(path):
    try:
        if path.lower().endswith(".png") and os.path.getsize(path) <= _AS_SAVED_MAX:
            with open(path, "rb") as held:
                picture = held.read(_AS_SAVED_MAX)
            return picture if picture.startswith(b"\x89PNG\r\n\x1a\n") and len(picture) > 24 else None
    except OSError:
        pass
    return None


def _png(figure):
    """The figure with its margins cut, as Jupyter shows it."""
    held = io.BytesIO()
    figure.savefig(held, format="png", bbox_inches="tight")
    return held.getvalue()


def _keep(picture):
    """Saves a shown figure that the run did not save itself."""
    while True:
        _state["kept"] += 1
        try:
            with open(f"figure-{_state['kept']}.png", "xb") as held:
                held.write(picture)
            return
        except FileExistsError:
            pass
