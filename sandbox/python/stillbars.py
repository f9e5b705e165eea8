"""Bars, histograms and boxes of a plotly figure's picture."""

import math

import numpy

from . import stillvalues as values
from .stilllayout import PX
from .stilltraces import both, colour_axis
from .stillvalues import colour, words

_BARS_MAX = 20_000  # of one trace
_TEXTS_MAX = 300
_BINS_MAX = 1_000
_BOXES_MAX = 200
_SPOTS_MAX = 2_000  # outliers of one box


def _lies(trace):
    """Whether bars go from left to right."""
    if trace.get("orientation") in ("h", "v"):
        return trace["orientation"] == "h"
    return trace.get("y") is not None and trace.get("x") is None and trace["type"] == "histogram"


def bar_learn(page, trace):
    cell, (x, y) = page.cell(trace), both(trace)
    if len(x) > _BARS_MAX:
        raise values.Beyond(f"more than {_BARS_MAX} bars")
    flat = _lies(trace)
    cell.x.learn(x, values.numbers(y) if not flat else None)
    cell.y.learn(y, values.numbers(x) if flat else None)


def histogram_learn(page, trace):
    cell, flat = page.cell(trace), _lies(trace)
    scale, other = (cell.y, cell.x) if flat else (cell.x, cell.y)
    scale.learn(values.array(trace.get("y" if flat else "x")))
    other.learn([0.0])


def bars(page, cell, traces):
    """All bars and histograms of one plot: they stand beside or on each other."""
    made = [_binned(page, cell, trace, traces) if trace["type"] == "histogram" else _given(cell, trace) for trace in traces]
    mode = page.layout.get("barmode") or "group"
    slots = list(dict.fromkeys(_slot(trace) for trace in traces)) if mode == "group" else [None]
    places = numpy.unique(numpy.concatenate([places for places, _, _ in made])) if made else numpy.empty(0)
    places = places[numpy.isfinite(places)]
    step = 1.0 if len(places) < 2 else float(numpy.diff(places).min())
    dense = all(trace["type"] == "histogram" for trace in traces) and cell.x.kind != "category" and cell.y.kind != "category"
    gap = page.layout.get("bargap")
    room = step * (1 - min(0.95, float(gap if gap is not None else 0 if dense else 0.2))) / len(slots)
    stacks = {}
    for trace, (at, sizes, widths) in zip(traces, made):
        slot = slots.index(_slot(trace)) if mode == "group" else 0
        wide = widths if widths is not None and mode != "group" else numpy.full(len(at), room * (1 - float(page.layout.get("bargroupgap") or 0)))
        middle = at + (slot - (len(slots) - 1) / 2) * room
        foot = _feet(trace, middle, sizes, stacks if mode in ("stack", "relative") else None)
        _draw(page, cell, trace, middle, wide, foot, sizes)


def _slot(trace):
    return trace.get("offsetgroup") or trace["at"]


def _given(cell, trace):
    (x, y), flat = both(trace), _lies(trace)
    at, sizes = (cell.y.places(y), values.numbers(x)) if flat else (cell.x.places(x), values.numbers(y))
    width = trace.get("width")
    return at, numpy.nan_to_num(sizes), None if width is None else numpy.resize(values.numbers(width if values.array(width) is not None else [width]), len(at))


def _feet(trace, at, sizes, stacks):
    """Where each bar begins: at its base, at zero, or on those before it."""
    base = trace.get("base")
    if base is not None:
        return numpy.resize(values.numbers(base if values.array(base) is not None else [base]), len(at))
    feet = numpy.zeros(len(at))
    if stacks is None:
        return feet
    for i, (place, size) in enumerate(zip(at, sizes)):
        key = round(float(place), 9), size < 0
        feet[i] = stacks.get(key, 0.0)
        stacks[key] = feet[i] + size
    return feet


def _draw(page, cell, trace, at, wide, foot, sizes):
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Patch

    flat, marker = _lies(trace), trace.get("marker") or {}
    ink = (colour(marker["color"]) if isinstance(marker.get("color"), str) else None) or page.paint(trace)
    alpha = float(trace.get("opacity", 1)) * (float(marker["opacity"]) if isinstance(marker.get("opacity"), (int, float)) else 1)
    low, high = at - wide / 2, at + wide / 2
    corners = numpy.stack([numpy.stack(pair, axis=1) for pair in ((low, foot), (high, foot), (high, foot + sizes), (low, foot + sizes))], axis=1)
    paints = ink
    chosen = values.array(marker.get("color"))
    if chosen is not None and len(chosen) and values.is_number(chosen):
        numbers = values.numbers(chosen)
        cmap, norm = colour_axis(page, marker, numbers, ("c",))
        paints = cmap(norm(numpy.resize(numbers, len(at))))
    elif chosen is not None and len(chosen):
        paints = [colour(one) or ink for one in chosen[: len(at)]]
    edge = marker.get("line") or {}
    line = colour(edge["color"]) if isinstance(edge.get("color"), str) else "none"
    if len(at) > 40 or (trace["type"] == "histogram" and line == "none"):
        line, edge = ink, {}  # thin bars would be nothing but edges
    thick = float(edge.get("width") or 0.3) if isinstance(edge.get("width", 0), (int, float)) else 0.3
    cell.axes.add_collection(PolyCollection(corners[:, :, ::-1] if flat else corners, facecolors=paints, edgecolors=line, linewidths=thick, alpha=alpha, zorder=2), autolim=False)
    along, up = (cell.y, cell.x) if flat else (cell.x, cell.y)
    along.see(numpy.concatenate([low, high]), air=False)
    up.see(numpy.concatenate([foot, foot + sizes]), zero=True)
    _texts(page, cell, trace, at, foot, sizes, flat)
    page.key(trace, Patch(facecolor=ink))


def _texts(page, cell, trace, at, foot, sizes, flat):
    said, spec = trace.get("text"), str(trace.get("texttemplate") or "")
    of = next((spec.partition(start)[2].partition("}")[0].lstrip(":") for start in ("%{y", "%{x", "%{value") if start in spec), None)
    if trace.get("textposition") == "none" or (said is None and of is None) or len(at) > _TEXTS_MAX:
        return
    said = values.array(said) if values.array(said) is not None else [said] * len(at)
    outside = trace.get("textposition") == "outside"
    for i in range(min(len(at), len(said))):
        text = values.form(float(sizes[i]), of) if of is not None else words("" if said[i] is None else said[i], 30)
        end = foot[i] + sizes[i]
        axes, spot = cell.axes, (end, at[i]) if flat else (at[i], end)
        shift = (3 if outside else -3) * (1 if sizes[i] >= 0 else -1)
        side = {(True, True): "left", (True, False): "right"}[True, shift > 0] if flat else "center"
        rise = "center" if flat else "bottom" if shift > 0 else "top"
        axes.annotate(text, spot, xytext=(shift, 0) if flat else (0, shift), textcoords="offset points", ha=side, va=rise, size=11 * PX,
                      color=page.ink if outside else "white", clip_on=True)  # fmt: skip


def _binned(page, cell, trace, traces):
    """Counts or sums in bins of one width, which all histograms of the plot share."""
    flat = _lies(trace)
    scale, letter = (cell.y, "y") if flat else (cell.x, "x")
    raw = values.array(trace.get(letter))
    at = scale.places(raw) if raw is not None else numpy.empty(0)
    weights = values.array(trace.get("x" if flat else "y"))
    weights = numpy.nan_to_num(values.numbers(weights))[: len(at)] if weights is not None else numpy.ones(len(at))
    known = numpy.isfinite(at[: len(weights)])
    at, weights = at[: len(weights)][known], weights[known]
    if scale.kind == "category":
        edges = numpy.arange(len(scale.names) + 1) - 0.5
    else:
        every = [scale.places(values.array(one.get(letter))) for one in traces if one["type"] == "histogram" and values.array(one.get(letter)) is not None]
        edges = _edges(numpy.concatenate(every), trace, letter)
    counts, _ = numpy.histogram(at, edges)
    sizes, _ = numpy.histogram(at, edges, weights=weights)
    func, norm = trace.get("histfunc") or "count", str(trace.get("histnorm") or "")
    if func not in ("count", "sum", "avg") or trace.get("cumulative", {}).get("enabled"):
        raise values.Beyond(f"a histogram of {func if func not in ('count', 'sum', 'avg') else 'running sums'}")
    sizes = counts.astype(float) if func == "count" else sizes / numpy.maximum(counts, 1) if func == "avg" else sizes
    width = numpy.diff(edges)
    if "percent" in norm or "probability" in norm:
        sizes = sizes / (sizes.sum() or 1) * (100 if "percent" in norm else 1)
    if "density" in norm:
        sizes = sizes / width
    return (edges[:-1] + edges[1:]) / 2, sizes, None if scale.kind == "category" else width


def _edges(data, trace, letter):
    data = data[numpy.isfinite(data)]
    if not data.size:
        return numpy.array([0.0, 1.0])
    said, low, high = trace.get(f"{letter}bins") or {}, float(data.min()), float(data.max())
    whole = bool((data == numpy.round(data)).all())
    size = said.get("size") if isinstance(said.get("size"), (int, float)) and said.get("size") > 0 else None
    if size is None:
        count = trace.get(f"nbins{letter}") or 0
        rough = (high - low) / count if count else 2 * float(data.std()) / len(data) ** 0.4
        power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
        size = next(power * step for step in (1, 2, 5, 10) if power * step >= rough * 0.9999) if rough > 0 else 1.0
        size = max(1.0, size) if whole and high - low < 1e6 else size
    start = said.get("start") if isinstance(said.get("start"), (int, float)) else math.floor(low / size) * size - (0.5 if whole and size == 1 else 0)
    count = math.ceil((high - start) / size + 1e-9) + (1 if (high - start) % size == 0 else 0)
    if count > _BINS_MAX:
        raise values.Beyond(f"more than {_BINS_MAX} bins")
    return start + numpy.arange(max(1, count) + 1) * size


def box_learn(page, trace):
    cell, flat = page.cell(trace), _flat_box(trace)
    data, names = (trace.get("x"), trace.get("y")) if flat else (trace.get("y"), trace.get("x"))
    if trace.get("q1") is not None or values.array(data) is None:
        raise values.Beyond("boxes of given quartiles")
    names = values.array(names)
    across, along = (cell.y, cell.x) if flat else (cell.x, cell.y)
    across.learn(names if names is not None else [str(trace.get("name") or f"trace {trace['at']}")])
    along.learn(values.array(data))


def _flat_box(trace):
    return trace.get("orientation") == "h" or trace.get("y") is None


def boxes(page, cell, traces):
    group = page.layout.get("boxmode") == "group"
    slots = list(dict.fromkeys(_slot(trace) for trace in traces)) if group else [None]
    room = 0.7 / len(slots)
    for trace in traces:
        flat = _flat_box(trace)
        across, along = (cell.y, cell.x) if flat else (cell.x, cell.y)
        data, names = (trace.get("x"), trace.get("y")) if flat else (trace.get("y"), trace.get("x"))
        data, names = along.places(values.array(data)), values.array(names)
        own = str(trace.get("name") or f"trace {trace['at']}")
        at = across.places(names if names is not None else [own] * len(data))[: len(data)]
        shift = (slots.index(_slot(trace)) - (len(slots) - 1) / 2) * room if group else 0
        if len(numpy.unique(at)) > _BOXES_MAX:
            raise values.Beyond(f"more than {_BOXES_MAX} boxes")
        _box(page, cell, trace, [(place + shift, data[: len(at)][at == place]) for place in numpy.unique(at)], room * 0.8, flat)
        along.see(data), across.see(at - 0.5, air=False), across.see(at + 0.5, air=False)


def _box(page, cell, trace, groups, wide, flat):
    from matplotlib.cbook import boxplot_stats
    from matplotlib.patches import Patch

    marker, line = trace.get("marker") or {}, trace.get("line") or {}
    ink = next((colour(one["color"]) for one in (line, marker) if isinstance(one.get("color"), str) and colour(one["color"])), None) or page.paint(trace)
    fill = colour(trace["fillcolor"]) if isinstance(trace.get("fillcolor"), str) else (*ink[:3], 0.5)
    groups = [(place, found[numpy.isfinite(found)]) for place, found in groups]
    groups = [(place, found) for place, found in groups if found.size]
    stats = [boxplot_stats(found)[0] for _, found in groups]
    for one in stats:
        one["fliers"] = one["fliers"][:_SPOTS_MAX] if trace.get("boxpoints") is not False else []
    thin = {"color": ink, "linewidth": 1.3}
    cell.axes.bxp(stats, positions=[place for place, _ in groups], widths=wide, orientation="horizontal" if flat else "vertical", patch_artist=True, manage_ticks=False,
                  boxprops={"facecolor": fill, "edgecolor": ink}, whiskerprops=thin, capprops=thin, medianprops=thin,
                  flierprops={"marker": "o", "markersize": 3.5, "markerfacecolor": ink, "markeredgecolor": "none"}, zorder=2)  # fmt: skip
    page.key(trace, Patch(facecolor=fill, edgecolor=ink))
