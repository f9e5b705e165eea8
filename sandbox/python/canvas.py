"""The canvas that figures are drawn on: Agg, with small pictures of drawings."""

import matplotlib
import numpy
from matplotlib import cbook
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imsave

from . import png

_MAKER = {"Software": f"Matplotlib version{matplotlib.__version__}, https://matplotlib.org/"}  # as Agg says it


class Canvas(FigureCanvasAgg):
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
