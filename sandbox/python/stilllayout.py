"""The page of a plotly figure's picture: its axes where the figure has them,
titles, legend, notes and shapes."""

import math

from . import stillvalues as values
from .stillaxis import PX, Edge
from .stillvalues import colour, merged, words

_CELLS_MAX = 40
_NOTES_MAX = 100
_SIDE = (700, 450)  # px, plotly's own
_SIDE_MIN, _SIDE_MAX = 150, 1600
_LEGEND_MAX = 30
_COLORWAY = ("#636efa", "#EF553B", "#00cc96", "#ab63fa", "#FFA15A", "#19d3f3", "#FF6692", "#B6E880", "#FF97FF", "#FECB52")
_AT = {"left": 0, "center": 0.5, "right": 1, "bottom": 0, "middle": 0.5, "top": 1}


class Cell:
    """One plot: two scales and matplotlib's axes."""

    def __init__(self, axes, names, scales, layouts):
        self.axes, self.names, self.layouts = axes, names, layouts
        self.x, self.y = scales
        self.stacks = {}  # what areas stand on, by group
        self.before = None  # the last line, which an area may reach to


class Page:
    def __init__(self, figure, canvas):
        from matplotlib.figure import Figure

        layout = figure.get("layout") or {}
        template = layout.get("template") or {}
        self.layout = merged(template.get("layout") or {}, {key: part for key, part in layout.items() if key != "template"})
        self.template = template.get("layout") or {}
        self.colorway = [one for one in self.layout.get("colorway") or _COLORWAY if colour(one)] or _COLORWAY
        self.ink = colour((self.layout.get("font") or {}).get("color") or "#2a3f5f") or (0, 0, 0, 1)
        size = [self._side(self.layout.get(name), known) for name, known in zip(("width", "height"), _SIDE)]
        self.figure = Figure(figsize=[side / 100 for side in size], dpi=100, facecolor=colour(self.layout.get("paper_bgcolor") or "white") or "white")
        canvas(self.figure)
        self._margins(*size)
        self.cells, self.scales, self.keys = {}, {}, {}
        self.bars, self.barred, self.coloured = 0, set(), {}  # of colours, at the right side
        self.traces = list(self._traces(figure, template.get("data") or {}))

    @staticmethod
    def _side(said, known):
        return min(_SIDE_MAX, max(_SIDE_MIN, int(said))) if isinstance(said, (int, float)) and math.isfinite(said) else known

    def _margins(self, width, height):
        said = self.layout.get("margin") or {}
        left, right, top, bottom = (
            min(float(said[side]) if isinstance(said.get(side), (int, float)) else known, whole * 0.4) / whole
            for side, known, whole in (("l", 80, width), ("r", 80, width), ("t", 70, height), ("b", 80, height))
        )
        self.frame = left, max(0.03, bottom), 1 - left - right, 1 - top - max(0.03, bottom)

    def _traces(self, figure, defaults):
        for at, trace in enumerate(figure.get("data") or []):
            if trace.get("visible", True) is True:
                kind = trace.get("type", "scatter")
                below = defaults.get(kind) or [{}]
                yield merged(below[at % len(below)], {"at": at, **trace, "type": kind})

    def paint(self, trace):
        """The colour that a trace has when it says none."""
        return colour(self.colorway[trace["at"] % len(self.colorway)])

    def axis(self, name):
        letter, number = name[0], name[1:]
        return merged(self.template.get(letter + "axis"), self.layout.get(f"{letter}axis{number}") or {}) or {}

    def scale(self, name):
        for _ in range(5):  # shared axes point to one of them
            name = self.axis(name).get("matches") or name
        if name not in self.scales:
            self.scales[name] = values.Scale(self.axis(name))
        return self.scales[name]

    def rect(self, across, up):
        left, bottom, width, height = self.frame
        return [left + across[0] * width, bottom + up[0] * height, (across[1] - across[0]) * width, (up[1] - up[0]) * height]

    def cell(self, trace):
        """The plot that a trace lies in."""
        names = trace.get("xaxis") or "x", trace.get("yaxis") or "y"
        if names in self.cells:
            return self.cells[names]
        if len(self.cells) == _CELLS_MAX:
            raise values.Beyond(f"more than {_CELLS_MAX} plots")
        x, y = (self.axis(name) for name in names)
        over = (x.get("overlaying") or names[0], y.get("overlaying") or names[1])
        spans = [self.axis(name).get("domain") or [0, 1] for name in over]
        axes = self.figure.add_axes(self.rect(*spans), label=f"{len(self.cells)}")
        self.cells[names] = cell = Cell(axes, names, [self.scale(name) for name in names], (x, y))
        if over != names:
            axes.patch.set_visible(False)
            axes.set_zorder(2)
        axes.set_facecolor(colour(self.layout.get("plot_bgcolor") or "#E5ECF6") or "white")
        return cell

    def key(self, trace, handle, name=None):
        """A line of the legend, once for each name."""
        name = name or trace.get("name") or f"trace {trace['at']}"
        if trace.get("showlegend") is not False:
            self.keys.setdefault((trace.get("legendgroup") or name, name), (handle, words(name, 40), trace.get("showlegend")))

    def finish(self):
        for cell in self.cells.values():
            if any(layout.get("scaleanchor") for layout in cell.layouts):
                cell.axes.set_aspect("equal", adjustable="box")
            edges = [Edge(cell, letter, scale, layout, self) for letter, scale, layout in zip("xy", (cell.x, cell.y), cell.layouts)]
            for edge in edges:
                edge.range()
            cell.axes.apply_aspect()
            for edge in edges:
                edge.finish()
        self._title()
        self._legend()
        for note in (self.layout.get("annotations") or [])[:_NOTES_MAX]:
            self._note(note)
        for shape in (self.layout.get("shapes") or [])[:_NOTES_MAX]:
            self._shape(shape)

    def _title(self):
        if text := values.title(self.layout):
            said = self.layout.get("title")
            at = said.get("x") if isinstance(said, dict) else None
            at = min(1.0, max(0.0, float(at))) if isinstance(at, (int, float)) else 0.5
            align = "left" if at < 0.34 else "right" if at > 0.66 else "center"
            self.figure.text(at, 0.97, text, size=17 * PX, color=self.ink, ha=align, va="top", wrap=True)

    def _legend(self):
        wanted = self.layout.get("showlegend")
        keys = list(self.keys.values())[:_LEGEND_MAX]
        if wanted is False or not keys or (wanted is None and len(keys) < 2 and not any(said for _, _, said in keys)):
            return
        said = self.layout.get("legend") or {}
        flat = said.get("orientation") == "h"
        x, y = (
            float(said[key]) if isinstance(said.get(key), (int, float)) and -0.5 <= said[key] <= 1.5 else known
            for key, known in (("x", 0 if flat else 1.02 + 0.16 * self.bars), ("y", -0.2 if flat else 1))
        )
        left, bottom, width, height = self.frame
        anchor = {"left": "left", "center": "center", "right": "right"}.get(said.get("xanchor"), "left" if flat or x > 0.66 or x < 0.34 else "center")
        rise = {"top": "upper", "middle": "center", "bottom": "lower"}.get(said.get("yanchor"), "upper")
        place = "center" if (rise, anchor) == ("center", "center") else f"{rise} {anchor}"
        made = self.figure.legend(
            [handle for handle, _, _ in keys], [name for _, name, _ in keys], loc=place, bbox_to_anchor=(left + x * width, bottom + y * height),
            ncols=min(len(keys), 5) if flat else 1, title=values.title(said) or None, alignment="left", frameon=False, fontsize=12 * PX, labelcolor=self.ink, borderaxespad=0,
        )  # fmt: skip
        made.get_title().set(color=self.ink, size=12 * PX)
        made.set_in_layout(True)

    def _spot(self, thing, letter, which=""):
        """Where a note or shape is: a fraction of the page, or a place on an axis."""
        ref, value = str(thing.get(f"{letter}ref") or ("paper" if which else letter)), thing.get(f"{letter}{which}")
        cell = next((one for names, one in self.cells.items() if names["xy".index(letter)] == ref.split(" ")[0]), None)
        if ref == "paper" or ref.endswith("domain") or cell is None:
            span = [0, 1] if cell is None else self.axis(ref.split(" ")[0]).get("domain") or [0, 1]
            at = span[0] + float(0.5 if value is None else value) * (span[1] - span[0])
            start, size = (self.frame[0], self.frame[2]) if letter == "x" else (self.frame[1], self.frame[3])
            at = start + at * size
        else:
            scale = cell.x if letter == "x" else cell.y
            place = scale.places([value])[0] if scale.kind != "category" or str(value) in scale.names else float(value)
            place = 10**place if scale.kind == "log" and which == "" else place  # notes give logarithms
            point = cell.axes.transData.transform((place, place))
            at = self.figure.transFigure.inverted().transform(point)["xy".index(letter)]
        return at if -0.5 <= at <= 1.5 else None

    def _note(self, note):
        at = self._spot(note, "x"), self._spot(note, "y")
        if None in at or note.get("visible") is False or not note.get("text"):
            return
        size = (note.get("font") or {}).get("size") or 12
        style = {"size": min(30.0, float(size)) * PX, "color": colour((note.get("font") or {}).get("color") or "") or self.ink}
        if style["color"][3] == 0:
            style["color"] = self.ink
        if note.get("showarrow", True) and note.get("xref", "x") != "paper":
            offset = [float(note[key]) if isinstance(note.get(key), (int, float)) else known for key, known in (("ax", 0), ("ay", -30))]
            arrow = {"arrowstyle": "->", "color": colour(note.get("arrowcolor") or "") or style["color"]}
            arrow["color"] = style["color"] if arrow["color"][3] == 0 else arrow["color"]
            self.figure.add_artist(_annotation(words(note["text"]), at, (offset[0] * PX, -offset[1] * PX), arrow, style, self.figure))
            return
        across = _AT.get(note.get("xanchor"), 0 if at[0] < 0 else 0.5)
        up = _AT.get(note.get("yanchor"), 0.5)
        names = {0: "left", 0.5: "center", 1: "right"}, {0: "bottom", 0.5: "center", 1: "top"}
        turned = -float(note["textangle"]) if isinstance(note.get("textangle"), (int, float)) else 0
        self.figure.text(*at, words(note["text"]), ha=names[0][across], va=names[1][up], rotation=turned, **style)

    def _shape(self, shape):
        from matplotlib import lines, patches

        ends = [(self._spot(shape, "x", at), self._spot(shape, "y", at)) for at in "01"]
        if any(None in end for end in ends) or shape.get("visible") is False:
            return
        line = shape.get("line") or {}
        edge = colour(line.get("color") or "#2a3f5f", shape.get("opacity", 1)) or self.ink
        how = {"linewidth": float(line.get("width", 2)) * PX, "linestyle": dashes(line.get("dash"))}
        (left, bottom), (right, top) = ends
        if shape.get("type") == "line":
            made = lines.Line2D([left, right], [bottom, top], color=edge, transform=self.figure.transFigure, **how)
        elif shape.get("type") == "rect":
            fill = colour(shape.get("fillcolor") or "", shape.get("opacity", 1))
            made = patches.Rectangle((left, bottom), right - left, top - bottom, facecolor=fill, edgecolor=edge, transform=self.figure.transFigure, **how)
        else:
            return
        self.figure.add_artist(made)


def _annotation(text, at, offset, arrow, style, figure):
    from matplotlib.text import Annotation

    made = Annotation(text, at, xycoords=figure.transFigure, xytext=offset, textcoords="offset points", arrowprops=arrow, ha="center", va="center", **style)
    made.set_figure(figure)
    return made


def dashes(name):
    return {"dash": "--", "dot": ":", "dashdot": "-.", "longdash": (0, (8, 4)), "longdashdot": (0, (8, 3, 2, 3))}.get(name, "-")
