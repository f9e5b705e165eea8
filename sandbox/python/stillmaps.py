"""Heat maps and pictures within a plotly figure's picture, and the bars that say
what a colour means."""

import base64
import io
import math

import numpy

from . import stillvalues as values
from .stilllayout import PX
from .stillvalues import merged, words

_TEXTS_MAX = 600
_TILES_MAX = 1_000_000


def learn_colours(page, trace):
    """What shares an axis of colours shares its ends."""
    for holder, numbers in ((trace, trace.get("z")), (trace.get("marker") or {}, (trace.get("marker") or {}).get("color"))):
        if holder.get("coloraxis") and values.array(numbers) is not None:
            known = values.numbers(numbers)
            known = known[numpy.isfinite(known)]
            if known.size:
                page.coloured.setdefault(holder["coloraxis"], []).extend((known.min(), known.max()))


def colour_axis(page, holder, data, letters):
    """The colour map and range of numbers, and once its bar at the side."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    letter, name = letters[0], holder.get("coloraxis")
    if name:
        holder = merged(page.layout.get("coloraxis"), page.layout.get(name) or {})
        letter = "c"
    scale = values.array(holder.get("colorscale")) or (page.layout.get("colorscale") or {}).get("sequential") or [[0, "#0d0887"], [0.5, "#cc4778"], [1, "#f0f921"]]
    scale = scale if isinstance(scale[0], list) else [[at / (len(scale) - 1), one] for at, one in enumerate(scale)]
    if holder.get("reversescale"):
        scale = [[1 - at, one] for at, one in reversed(scale)]
    known = data[numpy.isfinite(data)] if not name else numpy.array(page.coloured.get(name, []))
    low, high = (holder.get(f"{letter}{end}") for end in ("min", "max"))
    if (middle := holder.get(f"{letter}mid")) is not None and low is None and known.size:
        reach = max(abs(known.max() - middle), abs(known.min() - middle))
        low, high = middle - reach, middle + reach
    low = float(low) if low is not None else known.min() if known.size else 0.0
    high = float(high) if high is not None else known.max() if known.size else 1.0
    cmap, norm = values.colours(scale), Normalize(low, high if high > low else low + 1)
    shown = holder.get("showscale", bool(name) or letters[0] == "z") is not False and (holder.get("showscale") or bool(name) or letters[0] == "z")
    if shown and name not in page.barred and page.bars < 3:
        page.barred.add(name or object())
        left, bottom, width, height = page.frame
        axes = page.figure.add_axes([left + width * (1.03 + 0.16 * page.bars), bottom, 0.03, height], label="colours")
        made = page.figure.colorbar(ScalarMappable(norm, cmap), cax=axes)
        made.outline.set_visible(False)
        axes.tick_params(length=0, labelsize=12 * PX, labelcolor=page.ink)
        axes.set_title(values.title(holder.get("colorbar")), size=12 * PX, color=page.ink, loc="left", pad=8)
        page.bars += 1
    return cmap, norm


def heatmap_learn(page, trace):
    cell = page.cell(trace)
    z = numpy.atleast_2d(values.numbers(trace.get("z")))
    if z.ndim != 2 or z.size > _TILES_MAX or not z.size:
        raise values.Beyond("a heat map of this size")
    for scale, column, count in ((cell.x, trace.get("x"), z.shape[1]), (cell.y, trace.get("y"), z.shape[0])):
        column = values.array(column)
        scale.learn(column if column is not None else list(range(count)))


def heatmap(page, trace):
    cell = page.cell(trace)
    z = numpy.atleast_2d(values.numbers(trace.get("z")))
    edges = []
    for scale, column, count in ((cell.x, trace.get("x"), z.shape[1]), (cell.y, trace.get("y"), z.shape[0])):
        column = values.array(column)
        edges.append(_between(scale.places(column) if column is not None else numpy.arange(float(count)), count))
        scale.see(edges[-1], air=False)
    cmap, norm = colour_axis(page, trace, z, ("z",))
    cell.axes.pcolormesh(*edges, z, cmap=cmap, norm=norm, zorder=2)
    spec, told = str(trace.get("texttemplate") or ""), trace.get("text")
    if spec and z.size <= _TEXTS_MAX:
        of = spec.partition("%{z:")[2].partition("}")[0]
        for (row, column), value in numpy.ndenumerate(z):
            text = told[row][column] if "%{text" in spec and isinstance(told, list) else values.form(value, of) if math.isfinite(value) else ""
            light = sum(cmap(norm(value))[:3]) > 1.6
            cell.axes.text(edges[0][column : column + 2].mean(), edges[1][row : row + 2].mean(), words(text, 20), ha="center", va="center", size=12 * PX,
                           color="#2a3f5f" if light else "white", zorder=3)  # fmt: skip


def _between(places, count):
    """The edges of tiles whose middles are given; or the edges themselves."""
    if len(places) == count + 1:
        return places
    if len(places) != count:
        raise values.Beyond("a heat map whose sides do not fit")
    if count == 1:
        return numpy.array([places[0] - 0.5, places[0] + 0.5])
    half = numpy.diff(places) / 2
    return numpy.concatenate([[places[0] - half[0]], places[:-1] + half, [places[-1] + half[-1]]])


def image_learn(page, trace):
    cell = page.cell(trace)
    cell.x.learn([0.0]), cell.y.learn([0.0])


def image(page, trace):
    from PIL import Image

    cell = page.cell(trace)
    if str(trace.get("source") or "").startswith("data:image/"):
        held = Image.open(io.BytesIO(base64.b64decode(trace["source"].partition(",")[2])))
        if held.width * held.height > 4 * _TILES_MAX:
            raise values.Beyond("a picture of this size")
        pixels = numpy.asarray(held.convert("RGBA"))
    else:
        pixels = numpy.clip(values.numbers(trace.get("z")), 0, 255).astype(numpy.uint8)
        if pixels.ndim != 3 or pixels.size > 4 * _TILES_MAX:
            raise values.Beyond("a picture of this form")
    height, width = pixels.shape[:2]
    cell.axes.imshow(pixels, extent=(-0.5, width - 0.5, height - 0.5, -0.5), aspect="auto", zorder=2)
    cell.x.see([-0.5, width - 0.5], air=False), cell.y.see([-0.5, height - 0.5], air=False)
    if "range" not in cell.layouts[1]:
        cell.layouts[1].setdefault("autorange", "reversed")
