"""A story as HTML and as Markdown."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from playground.export.report.content import ReportContent

_MARKDOWN_CHARACTERS = re.compile(r"[\\`*_{}\[\]#|~]")


def html(content: ReportContent) -> str:
    """One page that needs nothing else."""
    return _templates(autoescape=True).get_template("report.html.jinja").render(content=content)


def markdown(content: ReportContent) -> str:
    """Markdown with tables and pictures in it."""
    environment = _templates(autoescape=False)
    return environment.get_template("report.md.jinja").render(
        content=content, escape_markdown=escape_markdown
    )


def escape_markdown(text: str) -> str:
    """What Markdown shows as the very same text, on one line, whoever wrote it."""
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
