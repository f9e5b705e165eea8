"""matplotlib's backend: Agg, whose show() shows the figures and closes them."""

from matplotlib.backend_bases import FigureManagerBase, _Backend
from matplotlib.backends.backend_agg import FigureCanvasAgg


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
