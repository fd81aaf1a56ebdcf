"""The base of components with JavaScript of our own: what comes from the browser is checked."""

from __future__ import annotations

import hashlib
import logging
import reprlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import panel as pn
from bokeh.core.property.descriptors import UnsetValueError
from bokeh.document import Document
from bokeh.events import Event
from bokeh.model import Model
from panel.models.esm import DataEvent

log = logging.getLogger(__name__)

OUT_OF_FLOW = {"position": "absolute"}
"""Styles of an invisible component, which otherwise gets a gap like its visible neighbours."""


class BrowserComponent(pn.custom.JSComponent):
    """A component whose parameters go to the browser, and only messages come back.

    Panel would take over whatever a browser writes into the parameters. A subclass that expects
    messages implements `receive`.
    """

    __abstract = True

    _esm: ClassVar[str]
    _bundle_path: ClassVar[None] = None
    _linked_properties: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def _render_esm(cls, compiled: object = True, server: bool = False) -> str:
        # Panel would look for files, and remove an indentation that there is not, for each model.
        return cls._esm

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        # Panel looks at all parameters, of which each component would get copies of its own.
        private = self._param__private
        own, private.params = private.params, {**type(self).param.objects(), **private.params}
        try:
            properties: dict[str, Any] = super()._get_properties(doc)
        finally:
            private.params = own
        # The browser runs a bundle as it is. All else Panel parses there, in search of TypeScript.
        properties["bundle"] = script_name(type(self))
        return properties

    def _get_children(self, *_place: object) -> tuple[dict[str, Any], list[Model]]:
        # None contains another component; Panel would look through the parameters of each for one.
        return {}, []

    def receive(self, message: object) -> bool:
        """Act on a message; return False if it is none that the JavaScript sends.

        Messages may hold anything: a browser sends what its user wants. Nothing may be changed
        before a message has been checked.
        """
        return False

    def _handle_msg(self, data: object) -> None:
        if not self.receive(data):
            report_junk(type(self).__name__, data)

    def _update_model(self, *args: Any) -> None:
        # A document that is destroyed has emptied its models before the page's work ends.
        with suppress(UnsetValueError):
            super()._update_model(*args)

    def _process_event(self, event: Event) -> None:
        # Events of elements could otherwise name any method that begins with `_handle_`.
        if isinstance(event, DataEvent):
            super()._process_event(event)


@cache
def script_name(component: type[BrowserComponent]) -> str:
    """Return what a browser knows the script of a class of components by."""
    digest = hashlib.sha256(component._esm.encode()).hexdigest()
    return f"{component.__name__}-{digest[:16]}"


def join_scripts(*scripts: Path) -> str:
    """Return one script of several files: functions that components share, then `render`."""
    return "\n".join(script.read_text() for script in scripts)


def report_junk(receiver: str, junk: Any) -> None:  # noqa: ANN401 (whatever a browser sends)
    """Log that something from a browser was ignored, in one short line."""
    log.warning("%s ignores what a browser sent: %s", receiver, reprlib.repr(junk))
