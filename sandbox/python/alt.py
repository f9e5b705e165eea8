"""What a figure shows, in words: for those who do not see it."""

_ALT_MAX = 500  # characters
_TITLE_MAX = 80
_AXES_MAX = 4
_NAMES_MAX = 8  # of a legend


def of(figure):
    """One or more short sentences from title, axes and legend."""
    try:
        return _cut(" ".join(_sentences(figure)))
    except Exception:  # user code may have put anything into its artists
        return "Figure"


def title(figure):
    """The figure's own title, or that of its only plot, for a name; "" when it has
    none."""
    try:
        axes = [one for one in figure.axes if not _is_colorbar(one)]
        only = axes[0].get_title() if len(axes) == 1 else ""
        return _flat(_suptitle(figure) or only)[:_TITLE_MAX]
    except Exception:  # as above
        return ""


def _suptitle(figure):
    return figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""


def _sentences(figure):
    title = _suptitle(figure)
    axes = [one for one in figure.axes if not _is_colorbar(one)]
    if title:
        yield f"{_flat(title)}."
    for one in axes[:_AXES_MAX]:
        yield _axes(one)
    if len(axes) > _AXES_MAX:
        yield f"And {len(axes) - _AXES_MAX} more plots."
    if not axes and not title:
        yield "Empty figure."


def _is_colorbar(axes):
    return axes.get_label() == "<colorbar>"


def _axes(axes):
    words = _kind(axes)
    if title := axes.get_title() or axes.get_title("left") or axes.get_title("right"):
        words += f": {_flat(title)}"
    words += "."
    labels = [f"{name} axis: {_flat(label)}" for name, label in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())) if label]
    if labels:
        words += f" {', '.join(labels)}."
    if legend := axes.get_legend():
        names = [_flat(text.get_text()) for text in legend.get_texts()]
        more = f" and {len(names) - _NAMES_MAX} more" if len(names) > _NAMES_MAX else ""
        if names:
            words += f" Legend: {', '.join(names[:_NAMES_MAX])}{more}."
    return words


def _kind(axes):
    """The kind of chart, by what it is drawn with."""
    from matplotlib import collections, patches

    kinds = []
    if axes.images or any(isinstance(one, collections.QuadMesh) for one in axes.collections):
        kinds.append("Heat map" if not axes.images or axes.images[0].get_array() is None or axes.images[0].get_array().ndim < 3 else "Image")
    if any(isinstance(one, patches.Wedge) for one in axes.patches):
        kinds.append("Pie chart")
    elif axes.patches:
        kinds.append("Bar chart")
    if any(isinstance(one, collections.PathCollection) for one in axes.collections):
        kinds.append("Scatter plot")
    if any(len(line.get_xdata()) for line in axes.lines):  # seaborn adds empty ones for its legends
        kinds.append("Line chart")
    if not kinds:
        return "Plot" if axes.collections or axes.artists or axes.texts else "Empty plot"
    return kinds[0] + "".join(f" and {kind.lower()}" for kind in kinds[1:])


def _flat(text):
    return " ".join(str(text).split())


def _cut(text):
    return text if len(text) <= _ALT_MAX else text[: _ALT_MAX - 1] + "…"
