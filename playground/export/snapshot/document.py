"""The HTML document of a snapshot, with all scripts and styles in it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from string import Template
from typing import Any

from bokeh.resources import Resources

from playground.errors import InputError
from playground.export.snapshot.assets import bundle, read_template
from playground.export.snapshot.translation.browser_functions import javascript_object
from playground.views.theme import DARK, LIGHT, Theme, css

MAX_BYTES = 6_000_000
"""Larger files are refused, as many mail servers refuse them."""


@dataclass(frozen=True, slots=True)
class SnapshotDocument:
    """The parts of a snapshot, rendered by `html`.

    Attributes
    ----------
    title, subtitle : str
    header_numbers : mapping of str to str
        Labels of the numbers in the header, by the id under which `script` fills them in.
    theme : Theme
        The one that it opens in; a button switches to the other.
    body : str
        HTML of everything between header and footer.
    script : str
        The main module, in the folder `js`.
    functions : mapping of str to str
        JavaScript expressions by name: functions translated from PyTorch, as an object that the
        main module finds under the name `FUNCTIONS`.
    data : mapping
        Data of the main module, as JSON.
    plots : bool
        Whether BokehJS is needed.
    date_made : date
    """

    title: str
    subtitle: str
    header_numbers: Mapping[str, str]
    theme: Theme
    body: str
    script: str
    functions: Mapping[str, str]
    data: Mapping[str, Any]
    plots: bool
    date_made: date

    @property
    def remaining_bytes(self) -> int:
        """Bytes that may still be added."""
        return MAX_BYTES - len(self._render().encode())

    def html(self) -> str:
        """Render the document.

        Raises
        ------
        InputError
            If it is larger than `MAX_BYTES`.
        """
        rendered = self._render()
        if (size := len(rendered.encode())) > MAX_BYTES:
            raise InputError(
                f"The snapshot would have {size / 1e6:.1f} MB; {MAX_BYTES / 1e6:g} MB are the "
                "most. Export fewer or smaller networks."
            )
        return rendered

    def _render(self) -> str:
        return Template(read_template("shell.html")).substitute(
            title=escape(self.title),
            subtitle=escape(self.subtitle),
            theme=self.theme.name,
            header_numbers="".join(map(_header_number, self.header_numbers.items())),
            style=css(LIGHT)
            + css(DARK, ":root[data-theme='dark']")
            + read_template("snapshot.css"),
            body=self.body,
            bokeh=bokeh_js() if self.plots else "",
            data=to_script_json(self.data),
            functions=f"const FUNCTIONS = {javascript_object(self.functions)}",
            script=bundle("erf.js", self.script),
            date_made=f"{self.date_made.day} {self.date_made:%B %Y}",
        )


def _header_number(figure: tuple[str, str]) -> str:
    name, label = map(escape, figure)
    return f'<span>{label}<b id="{name}"></b></span>'


def bokeh_js() -> str:
    """Return the source of BokehJS without widgets and tables."""
    return "\n".join(Resources(mode="inline", components=["bokeh"]).js_raw)


def to_script_json(data: Mapping[str, Any]) -> str:
    """Write JSON that is safe inside script tags, whatever texts are in it.

    Infinite numbers and NaN, which JSON lacks, become null.
    """
    text = json.dumps(
        _replace_non_finite(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.replace("<", "\\u003c")


def _replace_non_finite(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, Mapping):
        return {str(key): _replace_non_finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_non_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
