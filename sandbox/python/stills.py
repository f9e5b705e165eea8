"""Stills: a picture of a plotly figure, for readers that run no script.

plotly draws in a browser, which the jail has none of, so matplotlib draws the
common kinds from the figure's data. What it does not know has no picture, and
the words say so."""

import base64
import io
import struct
import time
import warnings

from . import stillvalues as values

PLOTLY = "application/vnd.plotly.v1+json"

_TRACES_MAX = 200
_SPENT_MAX = 5.0  # seconds of one cell that may go into pictures
_DRAWN_MAX = 3.0  # seconds of one figure, until its last trace
_ALT_MAX = 500  # characters
_KINDS = {"bar": "Bar chart", "histogram": "Histogram", "box": "Box plot", "heatmap": "Heat map", "image": "Image", "pie": "Pie chart"}

_cell = {"spent": 0.0}


def begin():
    """A new cell has its own time for pictures."""
    _cell["spent"] = 0.0


def add(bundle, facts):
    """The bundle with a picture, its facts (under that name) and words. Nothing
    that goes wrong here is the cell's fault: there is no picture then."""
    figure = bundle.get(PLOTLY)
    if not isinstance(figure, dict) or any(str(kind).startswith("image/") for kind in bundle):
        return bundle
    started, reason = time.monotonic(), "it could not be drawn outside a browser"
    try:
        if _cell["spent"] > _SPENT_MAX:
            raise values.Beyond("this cell has shown so many figures")
        alt, picture = _drawn(figure)
        width, height = struct.unpack(">II", picture[16:24])
        known = {"alt": alt, "width": width, "height": height}
        if title := " ".join(values.title(figure.get("layout") or {}).split())[:_ALT_MAX]:
            known["title"] = title
        return bundle | {"image/png": base64.b64encode(picture).decode(), facts: known, "text/plain": f"Plotly figure. {alt}"}
    except values.Beyond as beyond:
        reason = str(beyond)
    except Exception:  # user code may have put anything into it
        pass
    finally:
        _cell["spent"] += time.monotonic() - started
    return bundle | {"text/plain": f"Plotly figure, interactive only. It has no picture: {reason}."}


def _drawn(figure):
    import matplotlib

    from . import canvas, stillbars, stilllayout, stillmaps, stilltraces

    known = {
        "scatter": (stilltraces.scatter_learn, stilltraces.scatter), "scattergl": (stilltraces.scatter_learn, stilltraces.scatter),
        "heatmap": (stillmaps.heatmap_learn, stillmaps.heatmap), "image": (stillmaps.image_learn, stillmaps.image),
        "pie": (None, stilltraces.pie), "bar": (stillbars.bar_learn, stillbars.bars), "histogram": (stillbars.histogram_learn, stillbars.bars),
        "box": (stillbars.box_learn, stillbars.boxes),
    }  # fmt: skip
    _check(figure, known)
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"text.parse_math": False, "axes.unicode_minus": True, "path.simplify": True, "agg.path.chunksize": 10_000})
        page = stilllayout.Page(figure, canvas.Canvas)
        _draw(page, known)
        alt = _words(page)
        return alt, _png(page.figure)


def _check(figure, known):
    traces = figure.get("data") or []
    if not traces:
        raise values.Beyond("it is empty")
    if len(traces) > _TRACES_MAX:
        raise values.Beyond(f"more than {_TRACES_MAX} traces")
    for trace in traces:
        if trace.get("type", "scatter") not in known:
            raise values.Beyond(f"a trace of type {str(trace['type'])[:40]} needs a browser")


def _draw(page, known):
    from . import stillmaps

    for trace in page.traces:
        stillmaps.learn_colours(page, trace)
        if known[trace["type"]][0]:
            known[trace["type"]][0](page, trace)
    for scale in page.scales.values():
        scale.settle()
    together = {}  # bars of one plot know of each other
    until = time.monotonic() + _DRAWN_MAX
    for trace in page.traces:
        _in_time(until)
        draw = known[trace["type"]][1]
        if draw.__name__ in ("bars", "boxes"):
            together.setdefault((id(page.cell(trace)), draw), []).append(trace)
        else:
            draw(page, trace)
    for (_, draw), traces in together.items():
        _in_time(until)
        draw(page, page.cell(traces[0]), traces)
    page.finish()


def _in_time(until):
    if time.monotonic() > until:
        raise values.Beyond("it takes too long to draw")


def _png(figure):
    """With its margins cut, unless something sticks out far."""
    from matplotlib.transforms import Bbox

    box = figure.get_tightbbox(figure.canvas.get_renderer()).padded(0.12)
    wide, high = figure.get_size_inches()
    box = Bbox.intersection(box, Bbox([[-0.6 * wide, -0.6 * high], [1.6 * wide, 1.6 * high]])) or Bbox([[0, 0], [wide, high]])
    held = io.BytesIO()
    figure.canvas.print_figure(held, format="png", bbox_inches=box, dpi=100, facecolor=figure.get_facecolor())
    return held.getvalue()


def _words(page):
    """What it shows, as alt.py says it of matplotlib's figures."""
    kinds = list(dict.fromkeys(_kind(trace) for trace in page.traces)) or ["Empty plot"]
    said = kinds[0] + "".join(f" and {kind.lower()}" for kind in kinds[1:])
    if text := values.title(page.layout):
        said += f": {' '.join(text.split())}"
    said += "."
    if cell := next(iter(page.cells.values()), None):
        titles = [f"{letter} axis: {' '.join(text.split())}" for letter, layout in zip("xy", cell.layouts) if (text := values.title(layout))]
        said += f" {', '.join(titles)}." if titles else ""
    names = [name for _, name, _ in page.keys.values()]
    if len(names) > 1:
        said += f" Legend: {', '.join(names[:8])}{f' and {len(names) - 8} more' if len(names) > 8 else ''}."
    return said if len(said) <= _ALT_MAX else said[: _ALT_MAX - 1] + "…"


def _kind(trace):
    if trace["type"] in _KINDS:
        return _KINDS[trace["type"]]
    if trace.get("stackgroup") or trace.get("fill", "none") != "none":
        return "Area chart"
    return "Line chart" if "lines" in str(trace.get("mode") or "lines") else "Scatter plot"
