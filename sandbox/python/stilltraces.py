"""Points, lines, areas and pies of a plotly figure's picture."""

import math

import numpy

from . import stillvalues as values
from .stilllayout import PX, dashes
from .stillmaps import colour_axis
from .stillvalues import colour, merged, words

_POINTS_MAX = 40_000  # of a whole figure; more are thinned out
_TEXTS_MAX = 300
_SLICES_MAX = 100
_SYMBOLS = {"circle": "o", "square": "s", "diamond": "D", "cross": "P", "x": "X", "triangle-up": "^", "triangle-down": "v",
            "triangle-left": "<", "triangle-right": ">", "pentagon": "p", "hexagon": "h", "star": "*"}  # fmt: skip
_STEPS = {"hv": "steps-post", "vh": "steps-pre", "hvh": "steps-mid"}


def both(trace):
    """The two columns of a trace; one that is missing counts."""
    x, y = values.array(trace.get("x")), values.array(trace.get("y"))
    if x is None and y is None:
        return [], []
    if x is None:
        x = list(numpy.arange(len(y)) * float(trace.get("dx", 1)) + float(trace.get("x0") or 0))
    if y is None:
        y = list(range(len(x)))
    short = min(len(x), len(y))
    return x[:short], y[:short]


def scatter_learn(page, trace):
    cell = page.cell(trace)
    for scale, column in zip((cell.x, cell.y), both(trace)):
        scale.learn(column)


def scatter(page, trace):
    cell = page.cell(trace)
    raw = both(trace)
    x, y = cell.x.places(raw[0]), cell.y.places(raw[1])
    mode = str(trace.get("mode") or ("lines+markers" if len(x) < 20 and not trace.get("stackgroup") else "lines"))
    line, marker = trace.get("line") or {}, trace.get("marker") or {}
    opacity = float(trace.get("opacity", 1))
    ink = colour(line.get("color") or "") if line.get("color") else None
    ink = ink or (colour(marker["color"]) if isinstance(marker.get("color"), str) else None) or page.paint(trace)
    if group := trace.get("stackgroup"):
        y, foot = _stacked(cell, group, x, y)
    else:
        foot = cell.before
    keep = values.thinned(x, y, max(100, _POINTS_MAX // max(1, len(page.traces))), "lines" in mode)
    handle = _draw(cell.axes, x[keep], y[keep], mode, ink, line, marker, opacity, _Marks(page, trace, marker, ink, keep, len(x)))
    fill = trace.get("fill") or ("tonexty" if trace.get("stackgroup") else "none")
    if fill != "none":
        handle = _fill(cell, x, y, fill, foot, colour(trace.get("fillcolor") or "") if trace.get("fillcolor") else (*ink[:3], 0.5)) or handle
    _errors(cell, trace, x, y, ink)
    _texts(page, cell, trace, x, y, mode)
    cell.before = x, y
    cell.x.see(x, air="markers" in mode or "text" in mode)
    cell.y.see(y, zero=fill in ("tozeroy", "tonexty") and bool(trace.get("stackgroup") or fill == "tozeroy"))
    page.key(trace, handle)


def _stacked(cell, group, x, y):
    """The line that an area ends at, and the one that it stands on."""
    below = cell.stacks.get(group)
    y = numpy.nan_to_num(y)
    foot = numpy.interp(x, *below) if below is not None else numpy.zeros(len(x))
    cell.stacks[group] = x, y + foot
    return y + foot, (x, foot)


class _Marks:
    """Sizes and colours of a trace's points."""

    def __init__(self, page, trace, marker, ink, keep, count):
        size = marker.get("size", 6)
        many = values.array(size)
        if many is None:
            self.size = numpy.full(len(keep), float(size or 6))
        else:
            ref = float(marker.get("sizeref") or 1)
            many = numpy.nan_to_num(values.numbers(size))
            many = 2 * numpy.sqrt(many.clip(0) / (2 * ref)) if marker.get("sizemode") == "area" else many / ref
            self.size = numpy.resize(numpy.clip(many, max(1.0, float(marker.get("sizemin") or 0)), 150), count)[keep]
        chosen = values.array(marker.get("color"))
        self.colours, self.map, self.norm = ink, None, None
        if chosen is not None and len(chosen) and values.is_number(chosen):
            self.map, self.norm = colour_axis(page, marker, values.numbers(chosen), ("c",))
            self.colours = numpy.resize(values.numbers(chosen), count)[keep]
        elif chosen is not None and len(chosen):
            known = [colour(one) or ink for one in chosen[:count]]
            self.colours = [known[at % len(known)] for at in keep]
        edge = marker.get("line") or {}
        self.edge = colour(edge["color"]) if isinstance(edge.get("color"), str) else None
        self.width = float(edge.get("width") or 0) * PX if isinstance(edge.get("width", 0), (int, float)) else 0


def _draw(axes, x, y, mode, ink, line, marker, opacity, marks):
    from matplotlib.lines import Line2D

    symbol = str(marker.get("symbol") or "circle").removesuffix("-open") if isinstance(marker.get("symbol", ""), str) else "circle"
    shape = _SYMBOLS.get(symbol, "o")
    handle = Line2D([], [], linestyle="none")
    if "lines" in mode:
        how = {"linewidth": float(line.get("width") or 2) * PX, "linestyle": dashes(line.get("dash")), "color": ink}
        axes.plot(x, y, alpha=opacity, drawstyle=_STEPS.get(line.get("shape"), "default"), zorder=2.5, **how)
        handle = Line2D([], [], **how)
    if "markers" in mode:
        alpha = marker.get("opacity")
        alpha = float(alpha) if isinstance(alpha, (int, float)) else 0.7 if marks.size.size and numpy.ptp(marks.size) > 0 else 1.0
        axes.scatter(x, y, s=(marks.size * PX) ** 2, c=[ink] if marks.colours is ink else marks.colours, marker=shape, alpha=alpha * opacity,
                     linewidths=marks.width, edgecolors=marks.edge or "none", cmap=marks.map, norm=marks.norm, zorder=2.6)  # fmt: skip
        handle.set(marker=shape, markersize=5, markerfacecolor=ink, markeredgecolor="none")
    return handle


def _fill(cell, x, y, fill, below, ink):
    from matplotlib.patches import Patch

    known = numpy.isfinite(x) & numpy.isfinite(y)
    if fill in ("toself", "tonext"):
        cell.axes.fill(x[known], y[known], color=ink, linewidth=0)
    elif fill in ("tozerox", "tonextx"):
        cell.axes.fill_betweenx(y[known], x[known], 0, color=ink, linewidth=0)
        cell.x.see([0], air=False)
    else:
        foot = numpy.interp(x[known], *below) if fill == "tonexty" and below is not None and len(below[0]) else 0
        cell.axes.fill_between(x[known], y[known], foot, color=ink, linewidth=0)
    return Patch(facecolor=ink)


def _errors(cell, trace, x, y, ink):
    for key, name in (("error_x", "xerr"), ("error_y", "yerr")):
        said = trace.get(key) or {}
        if said.get("visible", True) is not False and values.array(said.get("array")) is not None:
            up = numpy.nan_to_num(numpy.resize(values.numbers(said["array"]), len(x)))
            down = numpy.nan_to_num(numpy.resize(values.numbers(said["arrayminus"]), len(x))) if said.get("arrayminus") else up
            cell.axes.errorbar(x, y, **{name: numpy.abs([down, up])}, fmt="none", ecolor=colour(said.get("color") or "") if said.get("color") else ink, capsize=3, elinewidth=1)
            where = (x, cell.x) if name == "xerr" else (y, cell.y)
            where[1].see(numpy.concatenate([where[0] - down, where[0] + up]))


def _texts(page, cell, trace, x, y, mode):
    said = trace.get("text")
    if "text" not in mode or said is None:
        return
    said = said if isinstance(said, list) else [said] * len(x)
    up, _, side = str(trace.get("textposition") or "middle center").partition(" ")
    shift = {"top": 7, "bottom": -7}.get(up, 0), {"left": -7, "right": 7}.get(side, 0)
    for at in range(min(len(said), len(x), _TEXTS_MAX)):
        if said[at] is not None and numpy.isfinite(x[at]) and numpy.isfinite(y[at]):
            cell.axes.annotate(words(said[at], 40), (x[at], y[at]), xytext=(shift[1], shift[0]), textcoords="offset points", size=12 * PX, color=page.ink,
                               ha={"left": "right", "right": "left"}.get(side, "center"), va={"top": "bottom", "bottom": "top"}.get(up, "center"))  # fmt: skip


def pie(page, trace):
    from matplotlib.patches import Patch

    names, sizes = _slices(trace)
    at = merged({"x": [0, 1], "y": [0, 1]}, trace.get("domain") or {})
    axes = page.figure.add_axes(page.rect(at["x"], at["y"]), label=f"pie {trace['at']}")
    chosen = values.array((trace.get("marker") or {}).get("colors")) or []
    order = sorted(range(len(names)), key=lambda one: -sizes[one]) if trace.get("sort", True) is not False else range(len(names))
    paints = []
    for one in range(len(names)):
        known = colour(chosen[one]) if one < len(chosen) else None
        paints.append(known or colour(page.colorway[list(order).index(one) % len(page.colorway)]))
    for one in order:
        page.key(trace | {"legendgroup": names[one]}, Patch(facecolor=paints[one]), names[one] or " ")
    whole = sum(sizes) or 1
    said = str(trace.get("textinfo") or "percent").split("+")
    texts = {"label": lambda one: words(names[one], 30), "value": lambda one: f"{sizes[one]:,g}", "percent": lambda one: f"{100 * sizes[one] / whole:.3g}%"}
    hole = min(0.95, max(0.0, float(trace.get("hole") or 0)))
    wedges, _ = axes.pie([sizes[one] for one in order], colors=[paints[one] for one in order], startangle=90 - float(trace.get("rotation") or 0),
                         counterclock=trace.get("direction") != "clockwise", wedgeprops={"width": 1 - hole, "edgecolor": "white", "linewidth": 0.5})  # fmt: skip
    for one, wedge in zip(order, wedges):
        if sizes[one] / whole >= 0.025 and (text := "\n".join(texts[part](one) for part in said if part in texts)):
            angle, reach = math.radians((wedge.theta1 + wedge.theta2) / 2), (1 + hole) / 2 if hole else 0.6
            light = sum(paints[one][:3]) > 1.9
            axes.text(reach * math.cos(angle), reach * math.sin(angle), text, ha="center", va="center", size=12 * PX, color="#2a3f5f" if light else "white")
    if text := values.title(trace):
        axes.set_title(text, size=14 * PX, color=page.ink)


def _slices(trace):
    labels, given = values.array(trace.get("labels")), values.array(trace.get("values"))
    labels = [str(one) for one in (labels if labels is not None else range(len(given) if given is not None else 0))]
    sums = {}
    for name, size in zip(labels, values.numbers(given) if given is not None else numpy.ones(len(labels))):
        if size > 0:
            sums[name] = sums.get(name, 0.0) + float(size)
    if len(sums) > _SLICES_MAX or not sums:
        raise values.Beyond(f"a pie of {len(sums)} slices")
    return list(sums), list(sums.values())
