"""The layout of scripts: templates, line lengths and blank lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

WIDTH = 88
"""Columns: the default of the formatters black and ruff."""

_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_DEFINITION = re.compile(r"(?:#.*\n)*(?:@|def |class )")


def render_template(template: str, **context: object) -> str:
    """Render a template of this package, and normalise its blank lines."""
    return normalise_blank_lines(_templates().get_template(f"{template}.jinja").render(**context))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("playground.export.code"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def normalise_blank_lines(text: str) -> str:
    """Put two blank lines around definitions and one between other paragraphs."""
    pieces = [piece.rstrip() for piece in _GAP.split(text.strip("\n"))]
    laid, after_definition = pieces[0], bool(_DEFINITION.match(pieces[0]))
    for piece in pieces[1:]:
        indented, definition = piece.startswith(" "), bool(_DEFINITION.match(piece))
        laid += "\n\n" if indented or not (after_definition or definition) else "\n\n\n"
        laid += piece
        after_definition = after_definition if indented else definition
    return laid + "\n"


def format_call(callee: str, arguments: Sequence[str], indent: int = 0, before: int = 0) -> str:
    """Write a call on one line if it fits, else one line of arguments, else a line for each.

    Parameters
    ----------
    callee : str
    arguments : sequence of str
    indent : int
        Of the line that the call begins in.
    before : int
        Columns between the indentation and the call.
    """
    listed, margin = ", ".join(arguments), " " * indent
    if indent + before + len(f"{callee}({listed})") <= WIDTH:
        return f"{callee}({listed})"
    if "\n" not in listed and indent + 4 + len(listed) <= WIDTH:
        return f"{callee}(\n{margin}    {listed}\n{margin})"
    each = "".join(f"{margin}    {argument},\n" for argument in arguments)
    return f"{callee}(\n{each}{margin})"


def format_literal(value: object) -> str:
    """Write a constant as formatters of Python do; a number of NumPy as one of Python."""
    if isinstance(value, np.generic):
        value = value.item()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def one_line(text: str) -> str:
    """Make any text safe for a comment: printable, and without a line break."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())
