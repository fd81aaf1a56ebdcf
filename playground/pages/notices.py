"""What a page has to say as a whole: what went wrong, and what is worth knowing."""

from __future__ import annotations

from html import escape

import panel as pn

from playground.pages.buttons import button
from playground.pages.connection import Connection
from playground.pages.part import Part
from playground.pages.words import Words

MOST_REMARKS = 3
"""Sentences that are shown at once."""


class Notices(Part):
    """Lines below the header, none of which is there while it has nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._said: list[str] = []
        self._failure = Words("", css_classes=["pg-failure"], margin=0, visible=False)
        self._words = Words(
            "", css_classes=["pg-notice-text"], margin=0, sizing_mode="stretch_width"
        )
        self._remark = pn.Row(
            self._words,
            button("close", "Close", self._close, width=26, kind="pg-small"),
            css_classes=["pg-notice"],
            sizing_mode="stretch_width",
            margin=0,
            visible=False,
        )
        self._column = pn.Column(
            Connection(),
            self._failure,
            self._remark,
            sizing_mode="stretch_width",
            margin=0,
            min_height=0,
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def fail(self, sentence: str) -> None:
        """Say what went wrong, until "" says that nothing is wrong any more."""
        self._failure.param.update(object=escape(sentence), visible=bool(sentence))

    def remark(self, *sentences: str) -> None:
        """Say what is worth knowing too, until somebody closes it all."""
        self._said += [each for each in sentences if each not in self._said]
        shown = self._said[:MOST_REMARKS]
        if more := len(self._said) - len(shown):
            shown.append(f"And {more} more like that.")
        self._words.object = "".join(f"<p>{escape(sentence)}</p>" for sentence in shown)
        self._remark.visible = bool(shown)

    def _close(self, _event: object) -> None:
        self._said = []
        self._remark.visible = False
