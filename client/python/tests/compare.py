"""Compares an example in a document with what really came, key by key."""

from __future__ import annotations

import ast
import re
from typing import Any

# Keys whose example is only an example: they have a type, and another value each time.
_FREE = {"execution_time", "data", "file_id", "generated_file_ids", "run_id", "peak_memory", "expires_at", "url"}


def compare(example: Any, real: Any, *, complete: bool, key: str = "") -> int:
    """Returns how many keys were compared; raises AssertionError at the first that differs."""
    assert type(real) is type(example), f"{key}: {type(real).__name__}, the document says {type(example).__name__}"
    if isinstance(example, dict):
        missing, more = set(example) - set(real), set(real) - set(example)
        assert not missing, f"{key}: the result lacks {sorted(missing)}"
        assert not complete or not more, f"{key}: the document lacks {sorted(more)}"
        return len(example) + sum(compare(example[one], real[one], complete=complete, key=one) for one in example)
    if isinstance(example, list):
        assert bool(real) == bool(example), f"{key}: {real!r}, the document says {example!r}"
        return sum(compare(example[0], one, complete=complete, key=key) for one in real) if example else 0
    if key not in _FREE:
        assert _plain(real) == _plain(example), f"{key}: {real!r}, the document says {example!r}"
    elif not isinstance(example, (int, float)):
        assert real, f"{key} is empty"
    return 0


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def returns_of(source: str) -> list[tuple[str, Any]]:
    """What comments of the form "# Returns: {...}" promise of the name assigned above them."""
    tree = ast.parse(source)
    promised = []
    for number, line in enumerate(source.splitlines(), 1):
        found = re.match(r"# Returns: (\{.*\})$", line.strip())
        above = [one for one in tree.body if isinstance(one, ast.Assign) and one.lineno < number]
        if found and above:
            promised.append((above[-1].targets[0].id, ast.literal_eval(found[1])))  # type: ignore[attr-defined]
    return promised
