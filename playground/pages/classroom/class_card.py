"""The card with which a pupil joins a class, asks for help, and sees what the teacher shows."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

import panel as pn

from playground.classroom import MAX_NICKNAME_LENGTH, ShownWork
from playground.classroom.lessons import CODE_LENGTH
from playground.errors import InputError
from playground.pages.classroom.membership import Membership, membership
from playground.pages.controls.buttons import button, relabel, text_button, worded_button
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.message import Message
from playground.pages.part import Part
from playground.pages.runs.browser_tab import BrowserTab

CSS = Path(__file__).with_suffix(".css").read_text()
JOIN, JOINED = "Join a class", "Your class"
ABOUT = (
    "Your teacher sees your network and this nickname until the lesson ends; then both are"
    " forgotten. Don't use your whole name."
)

SEEN = "Your teacher sees your network until the lesson ends or you leave."
WAITING = "Your teacher sees that you ask for help."


def class_cards() -> tuple[ClassCard, ...]:
    """Return the card of the current session's page; empty where there are no classes."""
    part = membership()
    return () if part is None else (ClassCard(part),)


class ClassCard(Part):
    """A line below the header, which is closed at first.

    Parameters
    ----------
    part : Membership
        Of the session.

    Attributes
    ----------
    opener : Button
        For the header: opens the line, or closes it.
    """

    def __init__(self, part: Membership) -> None:
        super().__init__()
        self._part = part
        self.opener = worded_button("Class", "class", JOIN, self._toggle, "pg-class-opener")
        self._code = _text_field("Code of the class", CODE_LENGTH + 4, 150)
        self._nickname = _text_field("Nickname", MAX_NICKNAME_LENGTH, 190)
        self._message = Message()
        self._about = LiveHTML("", css_classes=["pg-class-about"], margin=0)
        self._form = pn.Row(
            self._code,
            self._nickname,
            text_button("Join", self._join),
            css_classes=["pg-class-row"],
            stylesheets=[CSS],
            margin=0,
        )
        self._help = text_button("Ask for help", self._ask_for_help)
        self._joined = pn.Row(
            self._help,
            text_button("Leave the class", part.leave),
            css_classes=["pg-class-row"],
            stylesheets=[CSS],
            margin=0,
        )
        self._shown = LiveHTML("", stylesheets=[CSS], css_classes=["pg-class-shown"], margin=0)
        self._place = self._place_layout()
        self._tab = BrowserTab(lambda tab, _reloaded: part.take_tab(tab))
        self._column = pn.Column(
            self._place, self._tab, sizing_mode="stretch_width", margin=0, min_height=0
        )
        for each in (self._code, self._nickname):
            each.param.watch(self._join_by_key, "enter_pressed")
        part.on_change.append(self._show)
        self._show()

    def _place_layout(self) -> DeferredColumn:
        """Lay out the card, in a place that is seen while it is open."""
        # The place has no `display` of its own, which `visible` could not undo.
        return DeferredColumn(
            pn.Column(
                pn.Row(
                    self._about,
                    self._joined,
                    button("close", "Close", self._toggle, width=26, kind="pg-small"),
                    css_classes=["pg-class-head"],
                    sizing_mode="stretch_width",
                    stylesheets=[CSS],
                    margin=0,
                ),
                self._message,
                self._form,
                self._shown,
                css_classes=["pg-class-card"],
                sizing_mode="stretch_width",
                stylesheets=[CSS],
                margin=0,
            ),
            css_classes=["pg-class-place"],
            sizing_mode="stretch_width",
            margin=0,
            min_height=0,
            visible=False,
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def _show(self) -> None:
        """Show which part the session has in a lesson."""
        part, pupil = self._part, self._part.pupil
        self._form.visible, self._joined.visible = pupil is None, pupil is not None
        relabel(self.opener, "class", JOIN if pupil is None else JOINED)
        if pupil is None:
            self._about.object = f"<b>Join a class</b> {ABOUT}"
        else:
            self._about.object = f"<b>You are in the class as {escape(pupil.nickname)}.</b> " + (
                WAITING if pupil.needs_help else SEEN
            )
            asks = "I need no help any more" if pupil.needs_help else "Ask for help"
            if self._help.name != asks:
                self._help.name = asks
        self._message.say(part.message, wrong=False)
        self._shown.object = "" if part.shown is None else shown_html(part.shown)
        self._shown.visible = part.shown is not None
        self._place.visible = part.is_open

    def _toggle(self, _event: object) -> None:
        self._part.open(not self._part.is_open)

    def _join_by_key(self, _event: object) -> None:
        if self._part.pupil is None and self._code.value and self._nickname.value:
            self._join()

    def _join(self) -> None:
        try:
            self._part.join(self._code.value or "", self._nickname.value or "")
        except InputError as error:
            self._message.say(str(error))

    def _ask_for_help(self) -> None:
        if (pupil := self._part.pupil) is not None:
            self._part.ask_for_help(not pupil.needs_help)


def shown_html(work: ShownWork) -> str:
    """Return another pupil's network as HTML."""
    return (
        f'<img alt="" src="data:image/png;base64,{b64encode(work.picture).decode()}">'
        f"<p>Your teacher shows to all: <b>{escape(work.nickname)}</b><br>{escape(work.words)}</p>"
    )


def _text_field(label: str, length: int, width: int) -> pn.widgets.TextInput:
    options: dict[str, Any] = {"max_length": length, "width": width, "margin": 0}
    return pn.widgets.TextInput(name=label, **options)
