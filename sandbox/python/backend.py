"""matplotlib's backend: Agg, whose show() shows the figures and closes them."""

import functools

from matplotlib.backend_bases import FigureManagerBase, _Backend
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_savefig = Figure.savefig


@functools.wraps(_savefig)
def _told(self, fname, **options):
    """savefig, which also says what it wrote: that figure needs no second copy."""
    from . import figures

    _savefig(self, fname, **options)
    figures.was_saved(self, fname)


Figure.savefig = _told


class FigureManager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None):
        from . import figures

        figures.show_open()


class FigureCanvas(FigureCanvasAgg):
    manager_class = FigureManager

    def draw_idle(self, *args, **kwargs):
        """Nothing waits for a drawing here; pyplot's savefig would draw twice."""


@_Backend.export
class _BackendMayfly(_Backend):
    FigureCanvas = FigureCanvas
    FigureManager = FigureManager
