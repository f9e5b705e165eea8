"""Formulas as MathML, which browsers draw by themselves."""

import re

_LATEX_MAX = 20_000  # characters: a matrix of 30 × 30 has 10,000
_WRAPPED = re.compile(r"^\s*(\$\$?|\\\[|\\\()(.*?)(\$\$?|\\\]|\\\))\s*$", re.DOTALL)


_INSIDE = re.compile(r"\$\$(?:.+?)\$\$|\$(?![\s$])[^$\n]+?(?<![\s\\])\$(?![\d$])", re.DOTALL)
_INSIDE_MAX = 200  # formulas of one Markdown


def inside(markdown):
    """The formulas between the dollars of Markdown: as written there → MathML."""
    found = {}
    for match in _INSIDE.finditer(markdown[:_LATEX_MAX]):
        if match[0] not in found and (made := of(match[0])):
            found[match[0]] = made
        if len(found) == _INSIDE_MAX:
            break
    return found


def of(latex):
    """One formula in dollars or without; None when it cannot be converted."""
    if len(latex) > _LATEX_MAX:
        return None
    block = True
    if wrapped := _WRAPPED.match(latex):
        block = wrapped[1] in ("$$", "\\[") or r"\displaystyle" in wrapped[2]
        latex = wrapped[2]
    try:
        from latex2mathml.converter import convert

        return convert(latex.replace(r"\displaystyle", "").strip(), display="block" if block else "inline")
    except Exception:  # no such library, or no such LaTeX: it is shown as it is
        return None
