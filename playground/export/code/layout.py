"""How a script is laid out: filled-in templates, lines that fit, and blank lines where they go."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

WIDTH = 88
"""Columns: what formatters of Python leave alone unless told otherwise."""

_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_DEFINITION = re.compile(r"(?:#.*\n)*(?:@|def |class )")


def filled(template: str, **words: object) -> str:
    """Fill in a template of this package and lay the result out."""
    return laid_out(_templates().get_template(f"{template}.jinja").render(**words))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("playground.export.code"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def laid_out(text: str) -> str:
    """Put two blank lines around definitions and one elsewhere."""
    pieces = [piece.rstrip() for piece in _GAP.split(text.strip("\n"))]
    laid, apart = pieces[0], bool(_DEFINITION.match(pieces[0]))
    for piece in pieces[1:]:
        inside, definition = piece.startswith(" "), bool(_DEFINITION.match(piece))
        laid += "\n\n" if inside or not (apart or definition) else "\n\n\n"
        laid += piece
        apart = apart if inside else definition
    return laid + "\n"


def call(head: str, arguments: Sequence[str], indent: int = 0) -> str:
    """Write a call on one line if it fits, else its arguments on one, else each on its own."""
    listed, margin = ", ".join(arguments), " " * indent
    if indent + len(f"{head}({listed})") <= WIDTH:
        return f"{head}({listed})"
    if "\n" not in listed and indent + 4 + len(listed) <= WIDTH:
        return f"{head}(\n{margin}    {listed}\n{margin})"
    each = "".join(f"{margin}    {argument},\n" for argument in arguments)
    return f"{head}(\n{each}{margin})"


def literal(value: object) -> str:
    """A constant as formatters of Python write it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def one_line(text: str) -> str:
    """What may stand in a comment, whoever wrote it: printable, and without a line break."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())
