"""Progress bars and widgets that want a browser's half are shown as text."""

import sys

_DEPTH = 8  # frames between clear_output and what called it


def as_text():
    """tqdm.notebook draws the bar of tqdm itself. Runs in the zygote."""
    try:
        import tqdm
        import tqdm.notebook as notebook
    except ImportError:
        return
    notebook.tqdm = notebook.tqdm_notebook = tqdm.tqdm
    notebook.trange = notebook.tnrange = tqdm.trange
    tqdm.tqdm_notebook, tqdm.tnrange = tqdm.tqdm, tqdm.trange


def asks():
    """Whether a widget wants its own box cleared, which is not the cell."""
    frame = sys._getframe(1)
    for _ in range(_DEPTH):
        if frame is None:
            return False
        if "/ipywidgets/widgets/" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False
