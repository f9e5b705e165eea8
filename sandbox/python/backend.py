"""matplotlib's backend: our canvas, whose show() shows the figures and closes them."""

import functools

from matplotlib.backend_bases import FigureManagerBase, _Backend
from matplotlib.figure import Figure

from . import figures
from .canvas import Canvas

_savefig = Figure.savefig


@functools.wraps(_savefig)
def _told(self, fname, **options):
    """savefig, which also says what it wrote: that figure needs no second copy."""
    _savefig(self, fname, **options)
    figures.was_saved(self, fname)


Figure.savefig = _told


class FigureManager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None):
        figures.show_open()


class FigureCanvas(Canvas):
    manager_class = FigureManager


@_Backend.export
class _BackendMayfly(_Backend):
    FigureCanvas = FigureCanvas
    FigureManager = FigureManager
