"""The only changes that are made to a block before it runs.

    df = ... is put before code that uses df without making it;
    the example ids (123_1696118400_abc123, 123_..., user_files=[...]) become real ones.

Both happen when the value is used, so that a block can use what it has just made.
"""

from __future__ import annotations

import ast
import re
import textwrap
from typing import Any, Callable

_EXAMPLE = re.compile(r"123_(?:\d{10}_[a-z]{3}\d{3}|\.\.\.)")
_DF = "import pandas as pd\ndf = pd.DataFrame({'x': [1, 2, 3], 'y': [2.5, 3.5, 4.5]})\n"


class Rewriter(ast.NodeTransformer):
    def __init__(self) -> None:
        self.last: list[str] = []  # ids of the last result that had any
        self.made: set[str] = set()
        self._said: list[str] = []

    def names(self) -> dict[str, Callable[..., Any]]:
        """What a rewritten block calls."""
        return {"_with_df": self.with_df, "_real": self.real, "_last": lambda: list(self.last), "_seen": self.seen}

    def rewrite(self, tree: ast.Module) -> tuple[ast.Module, list[str]]:
        self._said = []
        return ast.fix_missing_locations(self.visit(tree)), []

    def done(self) -> list[str]:
        """What was changed since rewrite, each once."""
        return list(dict.fromkeys(self._said))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str) and _EXAMPLE.search(node.value):
            return _call("_real", node)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        return node

    def visit_List(self, node: ast.List) -> ast.expr:
        if len(node.elts) == 1 and isinstance(node.elts[0], ast.Constant) and node.elts[0].value is ...:
            self._said.append("[...] is the ids of the last result")
            return _call("_last")
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Await(self, node: ast.Await) -> ast.expr:
        self.generic_visit(node)
        call = node.value
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "execute_code"):
            return node
        call.args = [_call("_with_df", one) if place == 0 else one for place, one in enumerate(call.args)]
        for keyword in call.keywords:
            if keyword.arg == "code":
                keyword.value = _call("_with_df", keyword.value)
        return _call("_seen", node)

    def with_df(self, code: str) -> str:
        if not _uses_df(code):
            return code
        self._said.append("df = pd.DataFrame(...) before the code")
        return _DF + code

    def real(self, text: str) -> str:
        assert self.last, "no result before this one made a file"
        for example in set(_EXAMPLE.findall(text)):
            self._said.append(f"{example} is {self.last[0]}")
        return _EXAMPLE.sub(self.last[0], text)

    def seen(self, result: dict[str, Any]) -> dict[str, Any]:
        """Takes note of a result. A run that did not end well fails its block."""
        assert result["success"], f"{result['ending']}: {result['error']}"
        self.last = result["generated_file_ids"] or self.last
        self.made |= set(result["generated_file_ids"])
        return result


def _uses_df(code: str) -> bool:
    """Whether the first thing that code does with df is to read it."""
    found = [one for one in ast.walk(ast.parse(textwrap.dedent(code))) if isinstance(one, ast.Name) and one.id == "df"]
    found.sort(key=lambda one: (one.lineno, one.col_offset))
    return bool(found) and isinstance(found[0].ctx, ast.Load)


def _call(name: str, *args: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])
