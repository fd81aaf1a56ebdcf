"""A picture instead of a drawing: what digits are in it, and which of them is looked at."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from html import escape

import numpy as np
import panel as pn
import param
from PIL import Image

from playground.ink.found import Box, Found, Sighting, from_image
from playground.ink.paper import laid_out
from playground.ink.pictures import opened
from playground.pages.digits.looking import look
from playground.pages.digits.subject import Subject, eyes
from playground.pages.dropper import dropper
from playground.pages.errand import Errand
from playground.pages.part import Part
from playground.pages.words import Words
from playground.reading import as_number

SIDE = 480
"""Pixels of the longer side of the picture as it is shown again."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture that was read.

    Attributes
    ----------
    sighting : Sighting
    names : tuple of str
        What each digit in it was read as; "?" where nobody knows.
    image : str
        The picture, upright and small, as a data URI.
    """

    sighting: Sighting
    names: tuple[str, ...]
    image: str


class Upload(Part):
    """A place to drop a picture on, or to choose one or take a photo; then the digits in it.

    Whatever is wrong with a file is said in a sentence, and all else stays as it is.

    Parameters
    ----------
    subject : Subject
        Given the first digit, and then each that is chosen.

    Attributes
    ----------
    photo : panel object
        The picture, and a choice of digits in it; shown while there is one.
    """

    page = param.ClassSelector(class_=Shown, default=None, doc="The picture that is looked at.")

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self._subject = subject
        self._errand: Errand[Shown] = Errand(self._take, self._refuse, eyes)
        self._file = dropper("100MB")
        self._file.param.watch(self._look, "value")
        self._said = Words("", margin=0, visible=False, css_classes=["pg-remark"])
        subject.drawing.param.watch(self._hush, "lines")
        self._image = Words("", margin=0, css_classes=["pg-image"])
        self._choice = pn.widgets.RadioButtonGroup(
            name="Digits in the picture", options=[], margin=0, css_classes=["pg-modes"]
        )
        self._choice.param.watch(self._choose, "value")
        back = pn.widgets.Button(name="Back to drawing", margin=0, css_classes=["pg-small"])
        back.on_click(lambda _event: self.close())
        self._tools = pn.Column(
            pn.Row(self._choice, back, css_classes=["pg-found"], margin=0),
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
        self.photo = pn.Column(self._image, css_classes=["pg-photo"], margin=0)
        self._column = pn.Column(
            self._tools,
            self._said,
            self._file,
            css_classes=["pg-upload"],
            margin=0,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def close(self) -> None:
        """Be done with the picture, and look at the drawing again."""
        self._hush()
        if self.page is not None:
            self.page = None
            self._tools.visible = False
            self._subject.read(self._subject.drawing.strokes)

    def _look(self, event: param.parameterized.Event) -> None:
        """Read a file that has just come."""
        if not event.new:
            return
        _name, content = event.new.popitem()  # the newest; kept, it would take up memory for good
        event.new.clear()
        data = content.encode() if isinstance(content, str) else content
        self._say("Being read …")
        models, classes = self._subject.models, self._subject.classes

        def read() -> Shown:
            sighting = from_image(data)
            looks = [look(found, models, classes) for found in sighting.found]
            votes = [each.votes for each in looks]
            names = tuple(max(each, key=each.__getitem__) if each else "?" for each in votes)
            return Shown(sighting, names, shown(data))

        self._errand.ask(read)

    def _take(self, page: Shown) -> None:
        self.page = page
        self._say(*together(page.names), *page.sighting.remarks)
        # Two may be read as the same: blanks, which nobody sees, tell their buttons apart.
        options = {f"{name}{' ' * number}": number for number, name in enumerate(page.names)}
        self._choice.param.update(options=options, value=0, visible=len(options) > 1)
        self._tools.visible = True
        self._point(0)

    def _choose(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            self._point(event.new)

    def _point(self, number: int) -> None:
        """Have one of the digits looked at."""
        if self.page is not None:
            self._image.object = framed(self.page, number)
            self._subject.read(self.page.sighting.found[number])

    def _refuse(self, sentence: str) -> None:
        """Say what is wrong with a file, and that what is still to be seen is not from it."""
        kept = ""
        if self.page is not None:
            kept = "The picture before it is still shown."
        elif self._subject.drawing.lines:
            kept = "What you drew is still shown."
        self._say(sentence, kept, wrong=True)

    def _say(self, *sentences: str, wrong: bool = False) -> None:
        said = " ".join(filter(None, sentences))
        kind = "pg-refused" if wrong else "pg-idle"
        self._said.param.update(object=f'<p class="{kind}">{escape(said)}</p>', visible=bool(said))

    def _hush(self, *_events: object) -> None:
        """Say no more about a file when something else has happened."""
        self._said.visible = False


def together(names: tuple[str, ...]) -> tuple[str, ...]:
    """What several digits come to when they are read one after the other, as a sentence."""
    return (f"Read as {as_number(names)}.",) if len(names) > 1 else ()


def shown(data: bytes) -> str:
    """A picture, upright and small, as a data URI."""
    image = Image.fromarray(laid_out(opened(data)).colours.astype(np.uint8))
    image.thumbnail((SIDE, SIDE))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return "data:image/jpeg;base64," + b64encode(file.getvalue()).decode()


def framed(page: Shown, chosen: int) -> str:
    """The picture with a frame around each digit, as HTML."""
    size = page.sighting.size
    frames = "".join(
        frame(found, size, name, chosen=number == chosen)
        for number, (found, name) in enumerate(zip(page.sighting.found, page.names, strict=True))
    )
    return f'<div class="pg-framed"><img src="{page.image}" alt="Your picture">{frames}</div>'


def frame(found: Found, size: tuple[int, int], name: str, *, chosen: bool) -> str:
    """A frame around one digit with what it was read as, placed in percent."""
    left, top, right, bottom = percent(found.box, size)
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{right - left:.2f}%;height:{bottom - top:.2f}%"
    kind = "pg-frame pg-chosen" if chosen else "pg-frame"
    return f'<span class="{kind}" style="{place}"><b>{escape(name)}</b></span>'


def percent(box: Box, size: tuple[int, int]) -> tuple[float, ...]:
    """A box in percent of the picture's width and height."""
    return tuple(100 * side / size[number % 2] for number, side in enumerate(box))
