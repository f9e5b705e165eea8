"""What the host asks of an idle kernel: a page of a table, a whole one as CSV, names
at a cursor."""

import json
import warnings

from . import sheets, streams, tabular

_NAMES_MAX = 200
_LINE_MAX = 500  # characters of the cursor's line: IPython's patterns take seconds for one of 10,000


def answer(shell, look, code):
    """The answer in JSON, empty when there is none. A cell of a table prints
    itself, and a completion reads attributes: user code may run here."""
    try:
        with streams.muted():
            if look["at"] == "page":
                return tabular.page(look["table"], look["from"], look["rows"], look["column"], look["width"]) or ""
            if look["at"] == "csv":
                return sheets.piece(look["table"], look["from"]) or ""
            return json.dumps(names(shell, code.decode("utf-8"), look["cursor"]))
    except Exception:
        return ""


def names(shell, code, cursor):
    from IPython.core.completer import provisionalcompleter

    found = {"From": cursor, "To": cursor, "Names": []}
    if len(code[:cursor].rpartition("\n")[2]) > _LINE_MAX:
        return found
    with provisionalcompleter(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in shell.Completer.completions(code, cursor):
            if not found["Names"]:
                found.update(From=name.start, To=name.end)
            if (name.start, name.end) == (found["From"], found["To"]) and name.text not in found["Names"]:
                found["Names"].append(name.text)
            if len(found["Names"]) == _NAMES_MAX:
                break
    return found
