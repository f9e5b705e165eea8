"""One axis of a plotly figure's picture: its range, ticks, grid and title."""

import math

import numpy

from . import stillvalues as values
from .stillvalues import colour, words

PX = 0.72  # points of a pixel at 100 dots per inch
_LABELS_MAX = 30  # names along one axis


class Edge:
    """One axis of one plot: its range, its ticks, its grid and its title."""

    def __init__(self, cell, letter, scale, layout, page):
        self.cell, self.axes, self.letter, self.scale, self.layout, self.page = cell, cell.axes, letter, scale, layout, page
        self.axis = getattr(cell.axes, letter + "axis")

    def finish(self):
        layout, axes = self.layout, self.axes
        self._ticks()
        seen = layout.get("visible", True) is not False
        over = any(one.get("overlaying") for one in self.cell.layouts)
        if not seen or (over and not layout.get("overlaying")):
            self.axis.set_visible(False)  # the plot below has drawn it
        axes.set_axisbelow(True)
        grid = layout.get("showgrid", not over) is not False and seen and not over
        self.axis.grid(grid, which="major", **({"color": colour(layout.get("gridcolor") or "#eeeeee") or "white", "linewidth": 1 * PX} if grid else {}))
        for spine in axes.spines.values():
            spine.set_visible(False)
        side = layout.get("side")
        if side in ("right", "top"):
            getattr(self.axis, "tick_" + side)()
            self.axis.set_label_position(side)
        labels = layout.get("showticklabels", True) is not False
        turned = layout.get("tickangle")
        more = {"labelrotation": -float(turned)} if isinstance(turned, (int, float)) else {}
        key = {"x": ("labelbottom", "labeltop"), "y": ("labelleft", "labelright")}[self.letter][side in ("right", "top")]
        axes.tick_params(axis=self.letter, which="both", length=0, pad=5, labelsize=12 * PX, labelcolor=self.page.ink, **{key: labels}, **more)
        if text := values.title(layout):
            getattr(axes, f"set_{self.letter}label")(text, size=14 * PX, color=self.page.ink, labelpad=8)

    def range(self):
        said, layout = values.array(self.layout.get("range")), self.layout
        low, high = self.scale.limits()
        if self.scale.kind == "log":
            getattr(self.axes, f"set_{self.letter}scale")("log", nonpositive="mask")
        if said is not None and len(said) == 2 and None not in list(said):
            low, high = values.numbers(said) if self.scale.kind in ("log", "category") else self.scale.places(said)
            low, high = (10.0**low, 10.0**high) if self.scale.kind == "log" else (low, high)
        elif self.scale.kind == "category":
            low, high = -0.5, len(self.scale.names) - 0.5
        if layout.get("autorange") == "reversed":
            low, high = high, low
        getattr(self.axes, f"set_{self.letter}lim")(low, high)

    def _ticks(self):
        from matplotlib import dates, ticker

        axis, layout, scale = self.axis, self.layout, self.scale
        if (at := values.array(layout.get("tickvals"))) is not None:
            places = scale.places(at)[:200]
            texts = values.array(layout.get("ticktext"))
            texts = texts if texts is not None else at
            axis.set_ticks(places[: len(texts)], [words(one, 40) for one in texts[: len(places)]])
            axis.set_minor_locator(ticker.NullLocator())
        elif scale.kind == "category":
            names = list(scale.names)
            step = -(-len(names) // _LABELS_MAX) or 1
            axis.set_ticks(range(0, len(names), step), [words(name, 30) for name in names[::step]])
            if self.letter == "x" and sum(len(name) for name in names[::step]) * 8 > self.axes.bbox.width and "tickangle" not in layout:
                self.axes.tick_params(axis="x", labelrotation=45 if len(names[::step]) < 12 else 90)
        elif scale.kind == "date":
            locator = dates.AutoDateLocator(minticks=3, maxticks=8)
            axis.set_major_locator(locator)
            axis.set_major_formatter(dates.ConciseDateFormatter(locator))
        elif scale.kind == "log":
            low, high = sorted(axis.get_view_interval())
            axis.set_major_locator(ticker.LogLocator(subs=(1,) if low > 0 and high / low > 1000 else (1, 2, 5)))
            axis.set_minor_locator(ticker.NullLocator())
            axis.set_major_formatter(self._formed)
        else:
            step, low, high = layout.get("dtick"), *sorted(axis.get_view_interval())
            if type(step) in (int, float) and step > 0 and (high - low) / step <= 100:
                start = layout.get("tick0") if type(layout.get("tick0")) in (int, float) else 0
                axis.set_ticks(start + numpy.arange(math.ceil((low - start) / step), math.floor((high - start) / step) + 1) * step)
            else:
                axis.set_major_locator(ticker.MaxNLocator(7, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(self._formed)

    def _formed(self, value, _):
        before, after, spec = (str(self.layout.get(key) or "")[:20] for key in ("tickprefix", "ticksuffix", "tickformat"))
        return before + (values.form(value, spec) if spec else values.short(value)) + after
