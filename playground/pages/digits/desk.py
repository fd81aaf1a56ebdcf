"""Where one draws and sees what is read: the half of the page that needs no pictures to learn."""

from __future__ import annotations

from collections.abc import Callable

from playground.pages.digits.drawing import DrawCard
from playground.pages.digits.reading_card import ReadingCard
from playground.pages.digits.subject import Subject
from playground.pages.digits.teach import Teach
from playground.pages.part import Part
from playground.settings import Owner, Parameter
from playground.training.digits import DigitTrainer, ReaderFrame
from playground.views.live import LiveView
from playground.views.theme import Theme


class Desk(Part):
    """A card to draw in, and a card of what the readers make of it.

    Parameters
    ----------
    trainer : DigitTrainer
        Whose network is asked too, once there are pictures to learn from.
    theme : Theme
    taught : callable
        Called on the event loop when the network has learned or forgotten a correction.

    Attributes
    ----------
    canvas, readings : Part
        The two cards.
    """

    def __init__(self, trainer: DigitTrainer, theme: Theme, taught: Callable[[], None]) -> None:
        super().__init__()
        self._subject = Subject(trainer)
        self.canvas = DrawCard(self._subject, theme)
        self.readings = ReadingCard(self._subject, theme, Teach(self._subject, theme, taught))

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Which readers are asked, how thick ink is, and which tab of the readings is open."""
        return (
            Parameter(self._subject, "chosen", "readers"),
            Parameter(self._subject.drawing, "brush", "brush"),
            (self.readings.open, {"tab": "reading_tab"}),
        )

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of both cards."""
        return (*self.canvas.views, *self.readings.views)

    def follow(self, frame: ReaderFrame) -> None:
        """Ask the network that learns once more."""
        self._subject.follow(frame)
        self.readings.follow(frame)
