"""The digits page: draw digits, compare classifiers, and train one."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy.typing as npt
import panel as pn

from playground.errors import InputError
from playground.pages.cards.curves_card import CurvesCard
from playground.pages.cards.view_cell import ViewCell
from playground.pages.checkpoints.branches import Branches
from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.controls.fields.parameter_fields import card
from playground.pages.controls.notes import Notes
from playground.pages.design import page_design
from playground.pages.digits.html_snapshot import html_snapshot
from playground.pages.digits.inference_section import InferenceSection
from playground.pages.digits.training.dataset_tab import DatasetTab
from playground.pages.digits.training.image_details_card import ImageDetailsCard
from playground.pages.digits.training.image_landscape_card import ImageLandscapeCard
from playground.pages.digits.training.network_choice import NetworkChoice
from playground.pages.digits.training.setup_card import SetupCard
from playground.pages.digits.training.training_progress import (
    PACES,
    ImageHeartbeat,
    TrainingProgress,
    header_numbers,
    progress_and_scores,
)
from playground.pages.digits.training.weights_card import WeightsCard
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.runs.person_files import person_files
from playground.pages.shell.headline import image_success
from playground.pages.shell.latest_task import LatestTask
from playground.pages.shell.part_updates import ALWAYS, OFTEN, SELDOM, SOMETIMES
from playground.pages.shell.setting_attributes import pop_parameters
from playground.pages.shell.transport import Transport
from playground.pages.shell.welcome import Welcome
from playground.problems.digits import Digits
from playground.problems.problem import Floats
from playground.serving.heartbeat import Heartbeat
from playground.settings import Owner, ParameterSetting
from playground.training.core.notes import Note
from playground.training.images import Corrections, ImageFrame, ImageTrainer, default_training
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.score_table import score_table
from playground.training.training import Training
from playground.views.images.weight_tiles import weight_tiles
from playground.views.live_view import LiveView

if TYPE_CHECKING:
    import pandas as pd


USUAL_NETWORK = "mlp"


class DigitsPage(Page[ImageTrainer, ImageFrame]):
    """Predictions of several classifiers for a drawing, and the training of one on MNIST.

    Parameters
    ----------
    model : str, CustomClassifier or nn.Module
        The network to train: "softmax", "mlp", "cnn", "lenet", "deep", or one of your own.
    **choices
        Parameters of `playground.problems.digits.Digits`, of `Training` and of `Augmentation`,
        and `dark` (bool), `pace` (epochs a second, None for full speed) and `nav` (shown
        beside the brand).

    Attributes
    ----------
    trainer : ImageTrainer
        Its `model` is the nn.Module; `model` of the page is the choice above.
    curves, confusion, diagram, weights : ViewCell
        The views of training without the rest of the page, for a cell of a notebook.

    Examples
    --------
    >>> DigitsPage(model="cnn", corpus="KMNIST")
    """

    title: ClassVar[str] = "Digits"

    def __init__(self, model: Any = USUAL_NETWORK, **choices: Any) -> None:  # noqa: ANN401 (three kinds)
        super().__init__(dark=choices.pop("dark", None), nav=choices.pop("nav", None))
        problem = Digits(**pop_parameters(choices, Digits))
        training = default_training(**pop_parameters(choices, Training))
        augmentation = Augmentation(**{"untouched": 1.0, **pop_parameters(choices, Augmentation)})
        self._pace = choices.pop("pace", None)
        seed = choices.pop("weight_seed", 0)
        if choices:
            owners = (*Digits.param, *Training.param, *Augmentation.param, "weight_seed")
            known = sorted({*owners} - {"name"})
            raise TypeError(f"There is no choice {next(iter(choices))!r}; there are {known}.")
        files = person_files()
        corrections = Corrections(files.corrections, files.max_corrections)
        self.trainer = ImageTrainer(problem, model, training, augmentation, corrections, seed=seed)
        self.remark(*filter(None, [corrections.remark]))
        self._choice = NetworkChoice(self.trainer)
        self._training_parts: tuple[tuple[Part, int], ...] = ()
        self._note_panes: tuple[Notes, ...] = ()
        self._is_built = False
        with page_design():
            self._build()

    def _build(self) -> None:
        self._first_frame_task: LatestTask[ImageFrame] = LatestTask(
            self._show_training, self._on_no_network, gives_way=True
        )
        self._transport_slot = TransportSlot()
        self._inference = InferenceSection(self.trainer, self.theme, self._on_images_loaded)
        self._dataset_tab = DatasetTab(self.trainer.problem, self._on_images_loaded)
        self._dataset_card = card("Training pictures", self._dataset_tab, area="setup")
        self._main = pn.Column(
            self._inference.canvas,
            self._inference.predictions,
            self._dataset_card,
            css_classes=["pg-main", "pg-digits"],
            margin=0,
        )
        self._numbers_slot = pn.Row(margin=0, css_classes=["pg-head"])
        welcome = Welcome(
            "Draw a digit. A <b>neural network</b> reads it.",
            headline=image_success,
        )
        self.compose(self._transport_slot, self._main, welcome, self._numbers_slot)
        self._is_built = True
        # Without an event loop the dataset was loaded before the page was built.
        if not self._dataset_tab.loading:
            self._on_images_loaded()

    def _on_images_loaded(self) -> None:
        if self.is_ready:
            self.heartbeat.refresh()
        elif self._is_built:
            self._first_frame_task.submit(self.trainer.frame)

    def _on_no_network(self, sentence: str) -> None:
        """Say why a network can't be built, or takes too long, and begin with the usual one."""
        self.remark(sentence)
        if self._choice.model != USUAL_NETWORK:
            self._choice.model = USUAL_NETWORK
            self._first_frame_task.submit(self.trainer.frame)

    def _show_training(self, frame: ImageFrame) -> None:
        """Add the cards about training once the dataset has been loaded."""
        heartbeat: ImageHeartbeat = Heartbeat(
            self.trainer, self.update, self.back_pressure, frame, pace=self._pace
        )
        with page_design():
            transport = Transport(heartbeat, partial(header_numbers, self.trainer.problem), PACES)
            self._landscape = ImageLandscapeCard(heartbeat, lambda: self.theme)
            setup = SetupCard(
                heartbeat, self._dataset_tab, self._choice, (self._landscape.launcher,)
            )
            progress = TrainingProgress(heartbeat)
            self.branches = Branches(heartbeat, lambda: self.run_session)
            past = CheckpointBar(heartbeat, self.branches)
            self._curves = CurvesCard(heartbeat, self.theme, (progress, past))
            self._weights = WeightsCard(heartbeat, self.theme)
            compare = CompareTab(heartbeat, self.theme, past, weight_tiles, progress_and_scores)
            self._details_card = ImageDetailsCard(heartbeat, self.theme, compare)
        self._training_parts = (
            (transport, OFTEN),
            (progress, OFTEN),
            (self._weights, ALWAYS),
            (self._inference, OFTEN),
            (self._curves, SOMETIMES),
            (past, SOMETIMES),
            (setup, SOMETIMES),
            (self._details_card, SELDOM),
            (self._landscape, SELDOM),
        )
        self._note_panes = (*setup.notes, self._curves.notes)
        self._transport = transport
        self._transport_slot.set_transport(transport)
        self._numbers_slot.objects = [transport.numbers]
        self._main.objects = [
            self._inference.canvas,
            self._inference.predictions,
            self._weights,
            setup,
            self._curves,
            self._details_card,
            self._landscape,
        ]
        settings_owners = (self.trainer, self.trainer.problem, self.trainer.training)
        for each in (*settings_owners, self.trainer.augmentation):
            each.param.watch(self._on_setting_changed, list(each.param))
        self.add_settings(
            self._curves,
            self._weights,
            (setup.open, {"tab": "setup_tab"}),
            self._details_card.open,
        )
        self.begin(heartbeat)
        # Shows the notes about the dataset, and lets the network in training predict.
        self.update(frame)

    def predict(self, pictures: npt.ArrayLike) -> Floats:
        """Class probabilities (n, classes) of pictures, uint8 (n, 28, 28): white ink on black.

        Raises
        ------
        InputError
            If the pictures are not of that shape and type.
        """
        return self.trainer.predict(pictures)

    def snapshot(self) -> str:
        """Return one HTML file to draw and classify digits in without a server."""
        return html_snapshot(self.trainer, self.theme)

    @property
    def scores(self) -> pd.DataFrame:
        """Precision, recall and F1 by class on the test pictures; see `score_table`."""
        return score_table(self.trainer.frame())

    @cached_property
    def curves(self) -> ViewCell:
        """The learning curves without the rest of the page."""
        self._require_training()
        return ViewCell(self.back_pressure, *self._curves.views)

    @cached_property
    def confusion(self) -> ViewCell:
        """The confusion matrix of the test pictures without the rest of the page."""
        self._require_training()
        return ViewCell(self.back_pressure, self._details_card.confusion, square=True)

    @cached_property
    def diagram(self) -> ViewCell:
        """The layers of the network without the rest of the page."""
        self._require_training()
        return ViewCell(self.back_pressure, self._details_card.layers)

    @cached_property
    def weights(self) -> ViewCell:
        """The first-layer weights without the rest of the page."""
        self._require_training()
        return ViewCell(self.back_pressure, self._weights.views[0], square=True)

    def _require_training(self) -> None:
        if not self.is_ready:
            raise InputError(
                "The training pictures are still being loaded: ask again when the page shows them."
            )

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Settings that links and saved runs contain: dataset, network, training, augmentation."""
        return (
            # Not the folder: a link must not make a server read its files.
            ParameterSetting(self.trainer.problem, "corpus", "corpus"),
            *self._choice.owners,
            ParameterSetting(self.trainer, "seed", "weight_seed"),
            self.trainer.training,
            self.trainer.augmentation,
            *self._inference.owners,
        )

    @property
    def update_intervals(self) -> tuple[tuple[Part, int], ...]:
        """Parts that show training, and how often they are updated."""
        return self._training_parts

    @property
    def note_panes(self) -> tuple[Notes, ...]:
        """Where notes are shown."""
        return self._note_panes

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page."""
        if not self.is_ready:
            return self._inference.views
        return (
            *self._inference.views,
            *self._weights.views,
            *self._curves.views,
            *self._details_card.views,
            *self._landscape.views,
        )

    def structure(self, frame: ImageFrame) -> object:
        """Return the layers and the classes."""
        return frame.stages, frame.classes

    def notes(self, frame: ImageFrame) -> tuple[Note, ...]:
        """Return the notes of the trainer."""
        return frame.notes


class TransportSlot(Part):
    """The place in the header for the transport, which is empty until the dataset is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self._row = pn.Row(margin=0, css_classes=["pg-head"])

    def __panel__(self) -> pn.Row:
        return self._row

    def set_transport(self, transport: Transport) -> None:
        """Show the buttons and numbers."""
        self._row.objects = [transport]
