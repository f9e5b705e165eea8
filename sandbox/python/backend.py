"""matplotlib's backend: Agg, whose show() shows the figures and closes them."""

import functools

import matplotlib
import numpy
from matplotlib import cbook
from matplotlib.backend_bases import FigureManagerBase, _Backend
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave

from . import png

_MAKER = {"Software": f"Matplotlib version{matplotlib.__version__}, https://matplotlib.org/"}  # as Agg says it
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

    def print_png(self, filename_or_obj, *, metadata=None, pil_kwargs=None, **_):
        if metadata or pil_kwargs:
            super().print_png(filename_or_obj, metadata=metadata, pil_kwargs=pil_kwargs)
            return
        FigureCanvasAgg.draw(self)
        pixels = numpy.asarray(self.buffer_rgba())
        if not png.is_drawing(pixels):
            imsave(filename_or_obj, pixels, format="png", origin="upper", dpi=self.figure.dpi)
            return
        with cbook.open_file_cm(filename_or_obj, "wb") as held:
            held.write(png.encode(pixels, self.figure.dpi, _MAKER))


@_Backend.export
class _BackendMayfly(_Backend):
    FigureCanvas = FigureCanvas
    FigureManager = FigureManager
