"""Values of a plotly figure's JSON as matplotlib takes them: arrays, colours,
words, places on an axis."""

import base64
import colorsys
import html
import math
import re

import numpy

_NAMES_MAX = 2_000  # categories of one axis
_KINDS = {"i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"}
_DATE = re.compile(r"^\s*-?\d{4}-\d\d?(-\d\d?([T ]\d.*)?)?\s*$")
_TAG = re.compile(r"<[^<>]{0,300}>")


class Beyond(Exception):
    """What only a browser draws; the words say what it is."""


def merged(below, above):
    """A template and what stands over it."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return below if above is None else above
    return below | {key: merged(below.get(key), value) for key, value in above.items()}


def array(value):
    """A list or plotly's packed array; None when there is neither."""
    if isinstance(value, dict) and isinstance(value.get("bdata"), str) and value.get("dtype") in _KINDS:
        made = numpy.frombuffer(base64.b64decode(value["bdata"]), "<" + value["dtype"])
        shape = [int(side) for side in str(value.get("shape", len(made))).split(",")]
        return made.reshape(shape)
    return value if isinstance(value, (list, numpy.ndarray)) else None


def numbers(value):
    """Floats; what is none is nan."""
    value = array(value)
    if value is None:
        return numpy.empty(0)
    try:
        return numpy.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return numpy.array([_number(one) for one in value], dtype=float)


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def is_date(values):
    texts = [one for one in values[:1000] if one is not None]
    return bool(texts) and all(isinstance(one, str) and _DATE.match(one) for one in texts)


def is_number(values):
    if isinstance(values, numpy.ndarray):
        return True
    known = [one for one in values if one is not None and one != ""]
    return all(type(one) in (int, float) or isinstance(one, str) and not math.isnan(_number(one)) for one in known)


def dates(values):
    """Days as matplotlib counts them; a zone is dropped, as plotly does."""
    import pandas
    from matplotlib.dates import date2num

    if isinstance(values, numpy.ndarray):
        return date2num(values.astype("datetime64[ms]"))
    plain = [re.sub(r"(Z|[+-]\d\d:?\d\d)$", "", one) if isinstance(one, str) and len(one) > 11 else one for one in values]
    return date2num(pandas.to_datetime(pandas.Series(plain, dtype=object), errors="coerce", format="ISO8601").to_numpy())


class Scale:
    """One axis's way from values to places: numbers, days, or names in a row."""

    def __init__(self, layout):
        self.kind = layout.get("type") if layout.get("type") in ("log", "date", "category") else None
        if layout.get("type") == "multicategory":
            raise Beyond("names of two levels on an axis")
        self._fixed = layout.get("type") == "linear" or self.kind is not None
        self.names = {}
        self.order = layout.get("categoryorder"), array(layout.get("categoryarray"))
        self.totals = {}
        self.low, self.high = math.inf, -math.inf
        self.air, self.zero = False, False

    def learn(self, values, sizes=None):
        """Sees all values before any is placed; the first that are there decide."""
        if values is None or not len(values):
            return
        if isinstance(values[0], list):
            raise Beyond("names of two levels on an axis")
        if self.kind is None and not self._fixed:
            self.kind = "linear" if is_number(values) else "date" if is_date(values) else "category"
        if self.kind != "category":
            return
        if isinstance(self.order[1], list) and not self.names:
            self.names = {str(name): at for at, name in enumerate(self.order[1][:_NAMES_MAX])}
        for at, name in enumerate(values):
            name = str(name)
            if name not in self.names and len(self.names) == _NAMES_MAX:
                raise Beyond(f"more than {_NAMES_MAX} names on an axis")
            self.names.setdefault(name, len(self.names))
            if sizes is not None and at < len(sizes) and not math.isnan(sizes[at]):
                self.totals[name] = self.totals.get(name, 0) + sizes[at]

    def settle(self):
        """Puts names in the order that the figure asks for."""
        by, _, down = str(self.order[0] or "").partition(" ")
        if self.kind == "category" and by in ("category", "total", "sum") and down:
            key = (lambda name: name) if by == "category" else (lambda name: self.totals.get(name, 0))
            self.names = {name: at for at, name in enumerate(sorted(self.names, key=key, reverse=down == "descending"))}

    def places(self, values):
        if self.kind == "category":
            return numpy.array([self.names.get(str(one), math.nan) for one in values], dtype=float)
        return dates(values) if self.kind == "date" else numbers(values if isinstance(values, numpy.ndarray) else list(values))

    def see(self, places, air=True, zero=False):
        """Makes room for what is drawn; air is room beside it, but not below a
        foot of zero."""
        places = numpy.asarray(places, dtype=float)
        places = places[numpy.isfinite(places) & (places > 0 if self.kind == "log" else True)]
        if places.size:
            self.low, self.high = min(self.low, places.min()), max(self.high, places.max())
        self.air, self.zero = self.air or air, self.zero or zero

    def limits(self):
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return -1.0, 6.0
        ends = [math.log10(self.low), math.log10(self.high)] if self.kind == "log" else [self.low, self.high]
        if self.zero and self.kind in ("linear", None):
            ends = [min(0.0, ends[0]), max(0.0, ends[1])]
        if ends[0] == ends[1]:
            ends = [ends[0] - 1, ends[1] + 1]
        more = (ends[1] - ends[0]) * 0.055 if self.air else 0
        foot = self.zero and self.kind in ("linear", None)
        ends = [ends[0] - (0 if foot and ends[0] == 0 else more), ends[1] + (0 if foot and ends[1] == 0 else more)]
        return tuple(10.0**end for end in ends) if self.kind == "log" else tuple(ends)


def words(text, most=120):
    """Plotly's little HTML as plain text."""
    text = re.sub(r"<br\s*/?>", "\n", str(text)[:5000], flags=re.IGNORECASE)
    text = html.unescape(_TAG.sub("", text)).strip()
    return text if len(text) <= most else text[: most - 1] + "…"


def title(holder):
    """The words of a title, which is a text or an object."""
    said = (holder or {}).get("title")
    return words(said.get("text") or "") if isinstance(said, dict) else words(said or "")


def colour(text, opacity=1.0):
    """RGBA of a CSS colour; None when it is none."""
    from matplotlib.colors import to_rgba

    text = str(text).strip().lower()
    if text in ("", "none", "transparent"):
        return (0, 0, 0, 0)
    try:
        if called := re.match(r"(rgb|hsl)a?\(([^)]*)\)$", text):
            parts = [part.strip() for part in called[2].split(",")]
            first = [float(part.rstrip("%")) for part in parts[:3]]
            alpha = float(parts[3]) if len(parts) > 3 else 1.0
            if called[1] == "hsl":
                made = colorsys.hls_to_rgb(first[0] / 360, first[2] / 100, first[1] / 100)
            else:
                made = [part / 255 for part in first]
            return (*(min(1.0, max(0.0, part)) for part in made), min(1.0, max(0.0, alpha * opacity)))
        red, green, blue, alpha = to_rgba(text)
        return red, green, blue, alpha * opacity
    except (ValueError, IndexError):
        return None


def colours(scale):
    """A colour map of plotly's list of stops."""
    from matplotlib.colors import LinearSegmentedColormap

    stops = [(min(1.0, max(0.0, float(at))), colour(name) or (0, 0, 0, 1)) for at, name in scale[:300]]
    stops[0], stops[-1] = (0.0, stops[0][1]), (1.0, stops[-1][1])
    return LinearSegmentedColormap.from_list("figure", stops)


def thinned(x, y, most, lines):
    """At most so many points. A line keeps the lowest and highest of each stretch."""
    if len(x) <= most:
        return numpy.arange(len(x))
    if not lines:
        return numpy.linspace(0, len(x) - 1, most).astype(int)
    stretches = numpy.array_split(numpy.arange(len(x)), most // 2)
    low = [part[numpy.argmin(numpy.nan_to_num(y[part], nan=numpy.inf))] for part in stretches]
    high = [part[numpy.argmax(numpy.nan_to_num(y[part], nan=-numpy.inf))] for part in stretches]
    return numpy.unique(low + high)


def form(value, spec):
    """A number as d3's short formats say: ",.0f", ".1%", "$.2f", "~s"."""
    sign = "$" if "$" in spec else ""
    try:
        return sign + format(value, re.sub(r"[$~s]", "", spec) or "g")
    except ValueError:
        return f"{value:g}"


def short(value):
    """A number as plotly writes it at an axis: 10k, 2.5M."""
    for size, name in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= max(size, 1e4):
            return f"{value / size:.6g}{name}".replace("-", "\u2212")
    value = 0.0 if abs(value) < 1e-12 else value
    return f"{value:.6g}".replace("-", "\u2212")
