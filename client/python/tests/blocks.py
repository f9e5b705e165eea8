"""Python blocks of a Markdown document."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One block. kind is data (a literal), code (text for the jail) or call (all else)."""

    title: str  # the heading above it
    line: int
    source: str
    kind: str


def blocks_of(markdown: str) -> list[Block]:
    blocks, title, inside, lines, start = [], "", "", [], 0
    for number, line in enumerate(markdown.splitlines(), 1):
        if inside and line.strip() == "```":
            if inside == "python":
                source = "\n".join(lines)
                blocks.append(Block(title, start, source, _kind(source)))
            inside = ""
        elif inside:
            lines.append(line)
        elif line.startswith("```"):
            inside, lines, start = line[3:].strip() or "text", [], number
        elif re.match(r"#+ ", line) or re.fullmatch(r"\*\*.*:\*\*", line):
            title = line.strip("#* :")
    return blocks


def _kind(source: str) -> str:
    body = ast.parse(source).body
    if len(body) == 1 and isinstance(body[0], ast.Assign):
        if isinstance(body[0].value, ast.Dict):
            return "data"
        if isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
            return "code"
    return "call"
