"""A story as HTML and as Markdown."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from playground.export.report.story import Story

_MARKS = re.compile(r"[\\`*_{}\[\]#|~]")


def html(story: Story) -> str:
    """One page that needs nothing else."""
    return _templates(autoescape=True).get_template("report.html.jinja").render(story=story)


def markdown(story: Story) -> str:
    """Markdown with tables and pictures in it."""
    environment = _templates(autoescape=False)
    return environment.get_template("report.md.jinja").render(story=story, plain=plain)


def plain(text: str) -> str:
    """What Markdown shows as the very same text, on one line, whoever wrote it."""
    return _MARKS.sub(r"\\\g<0>", escape(" ".join(text.split()), quote=False))


@cache
def _templates(*, autoescape: bool) -> Environment:
    return Environment(
        loader=PackageLoader("playground.export.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=autoescape,
    )
