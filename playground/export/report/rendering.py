"""Renders a report as HTML and as Markdown."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from playground.export.report.content import ReportContent

_MARKDOWN_CHARACTERS = re.compile(r"[\\`*_{}\[\]#|~]")


def html(content: ReportContent) -> str:
    """Render one HTML page without external files."""
    return _templates(autoescape=True).get_template("report.html.jinja").render(content=content)


def markdown(content: ReportContent) -> str:
    """Render Markdown with embedded tables and pictures."""
    environment = _templates(autoescape=False)
    return environment.get_template("report.md.jinja").render(
        content=content, escape_markdown=escape_markdown
    )


def escape_markdown(text: str) -> str:
    """Escape a text, so that Markdown shows it unchanged and on one line."""
    return _MARKDOWN_CHARACTERS.sub(r"\\\g<0>", escape(" ".join(text.split()), quote=False))


@cache
def _templates(*, autoescape: bool) -> Environment:
    return Environment(
        loader=PackageLoader("playground.export.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=autoescape,
    )
