"""The page about digits: draw at readers, and watch one learn."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import panel as pn

from playground.live import Heartbeat
from playground.pages.charts import CurvesCard
from playground.pages.digits.data_card import DataCard
from playground.pages.digits.desk import Desk
from playground.pages.digits.details import ReaderDetails
from playground.pages.digits.progress import PACES, Progress, ReaderBeat, figures, reached
from playground.pages.digits.reader_choice import ReaderChoice
from playground.pages.digits.setup_card import SetupCard
from playground.pages.digits.taken_along import snapshot_of
from playground.pages.digits.weights_card import WeightsCard
from playground.pages.errand import Errand
from playground.pages.fields import card
from playground.pages.lab import taken
from playground.pages.notes import Notes
from playground.pages.page import ALWAYS, OFTEN, SELDOM, SOMETIMES, Page
from playground.pages.part import Part
from playground.pages.past.bar import PastBar
from playground.pages.past.branches import Branches
from playground.pages.past.compare import CompareTab
from playground.pages.style import dressed
from playground.pages.transport import Transport
from playground.problems.digits import Digits
from playground.settings import Owner, Parameter
from playground.training.augmentation import Augmentation
from playground.training.digits import Corrections, DigitTrainer, ReaderFrame, usual_training
from playground.training.digits.storage import usual_path
from playground.training.frame import Note
from playground.training.training import Training
from playground.views.digits.mosaic import mosaic
from playground.views.live import LiveView


class DigitsPage(Page[DigitTrainer, ReaderFrame]):
    """Draw a digit and see what each reader makes of it; teach one of them from MNIST.

    Parameters
    ----------
    model : str, OwnReader or nn.Module
        What learns: "softmax", "mlp", "cnn", "lenet", "deep", or a network of one's own.
    **choices
        Parameters of `playground.problems.digits.Digits`, of `Training` and of `Augmentation`,
        and besides `dark` (bool), `pace` (epochs a second, None for full speed) and `nav` (shown
        beside the brand).

    Attributes
    ----------
    trainer : DigitTrainer

    Examples
    --------
    >>> DigitsPage(model="cnn", corpus="KMNIST")
    """

    title: ClassVar[str] = "Digits"

    def __init__(self, model: Any = "mlp", **choices: Any) -> None:  # noqa: ANN401 (three kinds)
        super().__init__(dark=choices.pop("dark", None), nav=choices.pop("nav", None))
        problem = Digits(**taken(choices, Digits))
        training = usual_training(**taken(choices, Training))
        augmentation = Augmentation(**{"untouched": 1.0, **taken(choices, Augmentation)})
        self._pace = choices.pop("pace", None)
        if choices:
            known = sorted({*Digits.param, *Training.param, *Augmentation.param} - {"name"})
            raise TypeError(f"There is no choice {next(iter(choices))!r}; there are {known}.")
        self.trainer = DigitTrainer(
            problem, model, training, augmentation, Corrections(usual_path())
        )
        self._choice = ReaderChoice(self.trainer)
        self._school: tuple[tuple[Part, int], ...] = ()
        self._places: tuple[Notes, ...] = ()
        self._composed = False
        with dressed():
            self._build()

    def _build(self) -> None:
        self._first: Errand[ReaderFrame] = Errand(self._open_school, self.fail)
        self._head = Head()
        self._desk = Desk(self.trainer, self.theme, self._loaded)
        self._data = DataCard(self.trainer.problem, self._loaded)
        self._waiting = card("Pictures to learn from", self._data, area="setup")
        self._main = pn.Column(
            self._desk.canvas,
            self._desk.readings,
            self._waiting,
            css_classes=["pg-main", "pg-digits"],
            margin=0,
        )
        self.compose(self._head, self._main)
        self._composed = True
        # Where no event loop runs, the pictures were there before the page was.
        if not self._data.loading:
            self._loaded()

    def _loaded(self) -> None:
        if self.begun:
            self.heartbeat.refresh()
        elif self._composed:
            self._first.ask(self.trainer.frame)

    def _open_school(self, frame: ReaderFrame) -> None:
        """Show how a reader learns, once there are pictures to learn from."""
        heartbeat: ReaderBeat = Heartbeat(
            self.trainer, self.follow, self.flow, frame, pace=self._pace
        )
        with dressed():
            transport = Transport(heartbeat, partial(figures, self.trainer.problem), PACES)
            setup = SetupCard(heartbeat, self._data, self._choice)
            progress = Progress(heartbeat)
            past = PastBar(heartbeat, Branches(heartbeat, lambda: self.work))
            self._curves = CurvesCard(heartbeat, self.theme, (progress, past))
            self._weights = WeightsCard(heartbeat, self.theme)
            compare = CompareTab(heartbeat, self.theme, past, mosaic, reached)
            self._details = ReaderDetails(heartbeat, self.theme, compare)
        self._school = (
            (transport, OFTEN),
            (progress, OFTEN),
            (self._weights, ALWAYS),
            (self._desk, OFTEN),
            (self._curves, SOMETIMES),
            (past, SOMETIMES),
            (setup, SOMETIMES),
            (self._details, SELDOM),
        )
        self._places = (*setup.notes, self._curves.notes)
        self._head.take(transport)
        self._main.objects = [
            self._desk.canvas,
            self._desk.readings,
            self._weights,
            setup,
            self._curves,
            self._details,
        ]
        wished = (self.trainer, self.trainer.problem, self.trainer.training)
        for each in (*wished, self.trainer.augmentation):
            each.param.watch(self._changed, list(each.param))
        self.admit(
            self._curves,
            self._weights,
            (setup.open, {"tab": "setup_tab"}),
            self._details.open,
        )
        self.begin(heartbeat)
        # What there is to be said of the pictures, and the network that can be asked from now on.
        self.follow(frame)

    def snapshot(self) -> str:
        """One HTML file to draw digits in, which are read there, without a server."""
        return snapshot_of(self.trainer, self.theme)

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Pictures, network, training, variety, and what there is to be set at the desk."""
        return (
            # Never the folder: no link may have a server read one.
            Parameter(self.trainer.problem, "corpus", "corpus"),
            *self._choice.owners,
            Parameter(self.trainer, "seed", "weight_seed"),
            self.trainer.training,
            self.trainer.augmentation,
            *self._desk.owners,
        )

    @property
    def turns(self) -> tuple[tuple[Part, int], ...]:
        """What follows the reader that learns."""
        return self._school

    @property
    def places(self) -> tuple[Notes, ...]:
        """Where notes are said."""
        return self._places

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page."""
        if not self.begun:
            return self._desk.views
        return (
            *self._desk.views,
            *self._weights.views,
            *self._curves.views,
            *self._details.views,
        )

    def outline(self, frame: ReaderFrame) -> object:
        """The layers, and the pictures."""
        return frame.stages, frame.classes

    def notes(self, frame: ReaderFrame) -> tuple[Note, ...]:
        """What the trainer noticed."""
        return frame.notes


class Head(Part):
    """The place in the header for what steers training, once there is something to steer."""

    def __init__(self) -> None:
        super().__init__()
        self._row = pn.Row(margin=0, css_classes=["pg-head"])

    def __panel__(self) -> pn.Row:
        return self._row

    def take(self, transport: Transport) -> None:
        """Show the buttons and numbers."""
        self._row.objects = [transport]
