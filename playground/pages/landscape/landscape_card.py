"""The card of the loss landscape: a fold that shows the valley in which the network walks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from time import monotonic, perf_counter

import panel as pn
import param

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.pages.controls.buttons import worded_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.number_field import NumberField
from playground.pages.controls.parameter_fields import LogField, collapsed_card, field, group
from playground.pages.design import page_design
from playground.pages.landscape.landscape_html import DONE, HINT, WAIT, place_html, words_html
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.shell.latest_task import LatestTask
from playground.serving.workers import explanation_workers
from playground.training.dense.edits import SetWeights
from playground.training.dense.frame import Frame
from playground.training.dense.settings import DenseSettings
from playground.training.dense.trainer import Trainer
from playground.training.landscape import Landscape, LandscapeSettings, dense_landscape
from playground.training.landscape.directions import SMALL, weight_names
from playground.training.landscape.settings import RANDOM, TWO_WEIGHTS
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.landscape.landscape import contours, landscape_view
from playground.views.live_view import LiveView
from playground.views.theme import Theme

TITLE = "Loss landscape"
BUSY_SHARE = 8
"""While the network trains, pauses are so many times as long as it takes to compute a picture."""
MIN_PAUSE = 1.0
"""Seconds between two pictures while the network trains, at least."""
CHOSEN = ("directions", "reach", "seed", "first_weight", "second_weight", "penalty")
"""The settings that there are fields for."""


class LandscapeCard(Part):
    """Shows the loss over a plane through the weights of the network that the page shows.

    Nothing is computed before the fold is opened. It follows training and the checkpoint slider.

    Parameters
    ----------
    heartbeat : DenseHeartbeat
        Of the page.
    theme : callable
        Returns the page's theme.

    Attributes
    ----------
    settings : LandscapeSettings
    view : LiveView or None
        The picture; None before it is first computed.
    fold : Card
    """

    across = param.Number(
        default=0.0, bounds=(-1e6, 1e6), doc="How far to go in the direction to the right."
    )
    upwards = param.Number(
        default=0.0, bounds=(-1e6, 1e6), doc="How far to go in the direction upwards."
    )

    def __init__(self, heartbeat: DenseHeartbeat, theme: Callable[[], Theme]) -> None:
        super().__init__()
        self._heartbeat, self._theme = heartbeat, theme
        self.settings = LandscapeSettings()
        self.view: LiveView | None = None
        self._plan: Plan | None = None
        self._key: object = None
        self._next_at = 0.0
        self._task: LatestTask[tuple[Landscape, Plan, float]] = LatestTask(
            self._show, self._refuse, explanation_workers
        )
        self._words = LiveHTML(WAIT, css_classes=["pg-landscape-words"], margin=0)
        self._reading = LiveHTML(HINT, css_classes=["pg-reading"], margin=0)
        self._picture = pn.Column(css_classes=["pg-landscape-picture"], margin=0)
        settings = self.settings
        self._seed = NumberField(settings, "seed", "Seed")
        self._weights = tuple(field(settings, name) for name in ("first_weight", "second_weight"))
        self.fold = collapsed_card(
            TITLE,
            pn.Column(
                self._picture,
                pn.Column(
                    self._reading,
                    self._words,
                    group(
                        field(settings, "directions"),
                        LogField(settings, "reach", -1, 1),
                        self._seed,
                        *self._weights,
                        field(settings, "penalty"),
                    ),
                    pn.Row(
                        NumberField(self, "across", "Across"),
                        NumberField(self, "upwards", "Upwards"),
                        worded_button(
                            "Go there",
                            "pin",
                            "Give the network the weights of this place",
                            self._go_to_fields,
                            "",
                        ),
                        css_classes=["pg-landscape-place"],
                        margin=0,
                    ),
                    css_classes=["pg-landscape-side"],
                    margin=0,
                ),
                css_classes=["pg-landscape-body"],
                margin=0,
            ),
        )
        self.fold.css_classes = [*self.fold.css_classes, "pg-landscape-fold"]
        self._card = pn.Column(self.fold, css_classes=["pg-card", "pg-landscape"], margin=0)
        settings.param.watch(self._on_settings, list(CHOSEN))
        self.fold.param.watch(self._on_fold, "collapsed")
        self._show_fields()

    def __panel__(self) -> pn.Column:
        return self._card

    @property
    def views(self) -> tuple[LiveView, ...]:
        """The picture, once there is one."""
        return () if self.view is None else (self.view,)

    # Computing ------------------------------------------------------------------------------------

    def update(self, frame: Frame) -> None:
        """Compute the picture of a newer frame, if the fold is open and anything has changed."""
        if self.fold.collapsed:
            return
        key = self._key_of(frame)
        # While it trains, the processor is for training.
        waits = self._heartbeat.running and (self._task.busy or monotonic() < self._next_at)
        if key == self._key or waits:
            return
        self._request(frame)

    def _key_of(self, frame: Frame) -> object:
        """Return what is equal as long as the picture stays the same."""
        training = self._heartbeat.trainer.training
        shown = self._heartbeat.shown_checkpoint
        moment = (shown, frame.epoch, frame.step, frame.train, frame.plan)
        return (*moment, training.l1, training.l2)

    def _request(self, frame: Frame) -> None:
        self._key = self._key_of(frame)
        trainer, shown = self._heartbeat.trainer, self._heartbeat.shown_checkpoint
        self._offer_weights(frame.plan)
        values = {name: getattr(self.settings, name) for name in CHOSEN}
        work = partial(_compute, trainer, shown, trainer.settings(), LandscapeSettings(**values))
        self._task.submit(work)

    def _show(self, result: tuple[Landscape, Plan, float]) -> None:
        """Show a landscape, on the event loop."""
        frame, self._plan, seconds = result
        self._next_at = monotonic() + max(MIN_PAUSE, BUSY_SHARE * seconds)
        if self.view is None:
            self.view = landscape_view(frame, self._theme())
            gestures = Gestures(move=self.read, leave=self._stop_reading, tap=self.go_to)
            connect_gestures(self.view, gestures)
            with page_design():
                self._picture.objects = [self.view.pane()]
        else:
            self.view.push(frame, pointer=None)
        self._words.object = words_html(frame)

    def _refuse(self, sentence: str) -> None:
        """Say why there is no picture; the one before stays."""
        self._words.object = f'<p class="pg-refused">{escape(sentence)}</p>'

    # Settings -------------------------------------------------------------------------------------

    def _on_fold(self, _event: object) -> None:
        if self.fold.collapsed:
            self._task.cancel()
        else:
            self._request(self._heartbeat.frame)

    def _on_settings(self, *_events: object) -> None:
        self._show_fields()
        if not self.fold.collapsed:
            self._request(self._heartbeat.frame)

    def _show_fields(self) -> None:
        """Show the fields of the chosen directions only."""
        kind = self.settings.directions
        self._seed.__panel__().visible = kind == RANDOM
        for each in self._weights:
            each.visible = kind == TWO_WEIGHTS

    def _offer_weights(self, plan: Plan) -> None:
        """Let two of the network's weights be chosen; of a large one, of its first ones."""
        settings = self.settings
        names = weight_names(plan)[:SMALL]
        if settings.param.first_weight.objects == names:
            return
        with param.parameterized.discard_events(settings):
            chosen = settings.first_weight, settings.second_weight
            for number, name in enumerate(("first_weight", "second_weight")):
                settings.param[name].objects = names
                if chosen[number] not in names:
                    setattr(settings, name, names[number])
        for name, widget in zip(("first_weight", "second_weight"), self._weights, strict=True):
            widget.param.update(options=names, value=getattr(settings, name))

    # Places ---------------------------------------------------------------------------------------

    def read(self, place: Place) -> None:
        """Tell the loss at a place."""
        if self.view is not None and self.view.frame.contains(*place):
            self._reading.object = place_html(self.view.frame, *place)

    def _stop_reading(self) -> None:
        self._reading.object = HINT

    @param.depends("across", "upwards", watch=True)
    def _point_at_fields(self) -> None:
        if self.view is not None:
            self.view.set(pointer=(self.across, self.upwards))
            self.read((self.across, self.upwards))

    def _go_to_fields(self, _event: object) -> None:
        self.go_to((self.across, self.upwards))

    def go_to(self, place: Place) -> None:
        """Give the present network the weights of a place; it trains on from there."""
        if self.view is None or self._plan is None:
            return
        frame: Landscape = self.view.frame
        if not frame.contains(*place):
            self._reading.object = (
                f"The picture goes from {frame.across[0]:.3g} to {frame.across[-1]:.3g} across and "
                f"from {frame.up[0]:.3g} to {frame.up[-1]:.3g} upwards: choose a place in it."
            )
            return
        try:
            self._heartbeat.trainer.edit(SetWeights(self._plan, frame.weights_at(*place)))
        except InputError as error:
            self._reading.object = escape(str(error))
            return
        self._heartbeat.show_present()
        self._reading.object = DONE


def _compute(
    trainer: Trainer, checkpoint: int | None, requested: DenseSettings, settings: LandscapeSettings
) -> tuple[Landscape, Plan, float]:
    """Compute a landscape and its lines in a worker; return the seconds that it took, too."""
    start = perf_counter()
    last = len(trainer.checkpoints) - 1
    chosen = None if checkpoint is None or last < 0 else min(checkpoint, last)
    walked = trainer.weight_path(chosen, requested)
    frame = dense_landscape(walked, settings)
    contours(frame)
    return frame, walked.plan, perf_counter() - start
