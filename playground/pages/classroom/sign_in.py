"""The form with which a teacher opens a class."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from playground.classroom.lessons import CODE_LENGTH
from playground.errors import InputError
from playground.pages.classroom.class_card import CSS
from playground.pages.controls.buttons import text_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.message import Message
from playground.pages.part import Part

MAX_PASSWORD_LENGTH = 200


class SignIn(Part):
    """Password, and the code of a lesson that is under way.

    Parameters
    ----------
    sign_in : callable
        Given the password and the code; raises InputError with what is wrong.
    """

    def __init__(self, sign_in: Callable[[str, str], None]) -> None:
        super().__init__()
        self._sign_in = sign_in
        self._password = pn.widgets.PasswordInput(
            name="Password of teachers", max_length=MAX_PASSWORD_LENGTH, width=240, margin=0
        )
        self._code = pn.widgets.TextInput(
            name="Code of a lesson (none: a new one)",
            max_length=CODE_LENGTH + 4,
            width=280,
            margin=0,
        )
        self._message = Message()
        self._code.param.watch(lambda _event: self._open(), "enter_pressed")
        self._card = pn.Column(
            LiveHTML("<h2>See what your class trains</h2>", margin=0),
            pn.Row(
                self._password,
                self._code,
                text_button("Open the class", self._open),
                css_classes=["pg-class-row"],
                stylesheets=[CSS],
                margin=0,
            ),
            self._message,
            css_classes=["pg-card"],
            margin=12,
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def _open(self) -> None:
        password, self._password.value = self._password.value or "", ""
        try:
            self._sign_in(password, self._code.value or "")
        except InputError as error:
            self._message.say(str(error))
