"""Messages about a whole page: errors and remarks, below its header."""

from __future__ import annotations

from html import escape

import panel as pn

from playground.pages.controls.buttons import button
from playground.pages.controls.deferred import DeferredRow
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.shell.connection import ConnectionLostBanner

MAX_REMARKS = 3
"""Remarks that are shown at once; further ones are counted."""
BUSY = "Much is going on on this server at present: this page is updated less often than usual."


class Notices(Part):
    """Lost connection, error and remarks, each of which takes space only while it is shown.

    Attributes
    ----------
    connection : ConnectionLostBanner
    """

    def __init__(self) -> None:
        super().__init__()
        self.connection = ConnectionLostBanner()
        self._remarks: list[str] = []
        self._failure = LiveHTML("", css_classes=["pg-failure"], margin=0, visible=False)
        self._busy = LiveHTML(
            f"<p>{BUSY}</p>", css_classes=["pg-notice", "pg-busy"], margin=0, visible=False
        )
        self._remark_row = DeferredRow(
            make=self._make_remarks,
            css_classes=["pg-notice"],
            sizing_mode="stretch_width",
            margin=0,
            visible=False,
        )
        self._column = pn.Column(
            self.connection,
            self._failure,
            self._busy,
            self._remark_row,
            css_classes=["pg-notices"],
            sizing_mode="stretch_width",
            margin=0,
            min_height=0,
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def _make_remarks(self) -> list[pn.viewable.Viewable]:
        self._remarks_html = LiveHTML(
            "", css_classes=["pg-notice-text"], margin=0, sizing_mode="stretch_width"
        )
        return [
            self._remarks_html,
            button("close", "Close", self._close, width=26, kind="pg-small"),
        ]

    def fail(self, sentence: str) -> None:
        """Show what went wrong; "" clears it."""
        self._failure.param.update(object=escape(sentence), visible=bool(sentence))

    def tell_busy(self, is_busy: bool) -> None:
        """Say that the server is busy, or no more."""
        self._busy.visible = is_busy

    def remark(self, *sentences: str) -> None:
        """Add sentences to the remarks, which are shown until the person closes them."""
        self._remarks += [each for each in sentences if each not in self._remarks]
        visible_remarks = self._remarks[:MAX_REMARKS]
        if more := len(self._remarks) - len(visible_remarks):
            visible_remarks.append(f"And {more} more like that.")
        if visible_remarks:
            self._remark_row.make_content()
            self._remarks_html.object = "".join(
                f"<p>{escape(sentence)}</p>" for sentence in visible_remarks
            )
        self._remark_row.visible = bool(visible_remarks)

    def _close(self, _event: object) -> None:
        self._remarks = []
        self._remark_row.visible = False
