"""The card of the loss landscape: a fold that shows the valley in which the network walks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from time import monotonic, perf_counter
from typing import Any, ClassVar

import panel as pn
import param

from playground.pages.cards.landscape.landscape_html import (
    DONE,
    HINT,
    WAIT,
    place_html,
    remarks_html,
    words_html,
)
from playground.pages.controls.buttons import worded_button
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import LogField, collapsed_card, field, group
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.serving.heartbeat import Heartbeat
from playground.serving.sessions import browser_session
from playground.serving.threads.thread_pools import landscape_workers
from playground.training.landscape import Landscape, LandscapeSettings
from playground.training.landscape.settings import RANDOM
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.landscape.landscape import contours, landscape_view
from playground.views.live_view import LiveView
from playground.views.theme import Theme

TITLE = "Loss landscape"
BUSY_SHARE = 8
"""While the network trains, pauses are so many times as long as it takes to compute a picture."""
MIN_PAUSE = 1.0
"""Seconds between two pictures while the network trains, at least."""
WEIGHTS = ("first_weight", "second_weight")
CHOSEN = ("directions", "reach", "seed", *WEIGHTS, "penalty")
"""The settings that there are fields for."""

Work = Callable[[], Landscape]


@dataclass(frozen=True, slots=True)
class Computed:
    """A landscape that a worker thread has computed.

    Attributes
    ----------
    frame : Landscape
    seconds : float
        How long that took.
    view : LiveView or None
        The first picture, of which the figure has been made.
    """

    frame: Landscape
    seconds: float
    view: LiveView | None


class LandscapeCard(Part):
    """Shows the loss over a plane through the weights of the network that the page shows.

    Nothing is computed before the fold is opened. It follows training and the checkpoint slider.
    Subclasses know how a network's landscape is computed, and how its weights are set.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of the page.
    theme : callable
        Returns the page's theme.
    settings : LandscapeSettings
    above : sequence of panel objects
        Shown above the words.

    Attributes
    ----------
    settings : LandscapeSettings
    view : LiveView or None
        The picture; None before it is first computed.
    fold : Card
    """

    follows_training: ClassVar[bool] = True
    """Whether newer pictures are computed while the network trains."""

    across = param.Number(
        default=0.0, bounds=(-1e6, 1e6), doc="How far to go in the direction to the right."
    )
    upwards = param.Number(
        default=0.0, bounds=(-1e6, 1e6), doc="How far to go in the direction upwards."
    )

    def __init__(
        self,
        heartbeat: Heartbeat[Any, Any],
        theme: Callable[[], Theme],
        settings: LandscapeSettings,
        above: Sequence[Any] = (),
    ) -> None:
        super().__init__()
        self._heartbeat, self._theme, self.settings = heartbeat, theme, settings
        self.view: LiveView | None = None
        self._key: object = None
        self._next_at = 0.0
        self._task: LatestTask[Computed] = LatestTask(
            self._on_computed, self.refuse, landscape_workers
        )
        self._seed: NumberField | None = None
        self.fold = collapsed_card(TITLE, make=lambda: [self._body(above)])
        self.fold.css_classes = [*self.fold.css_classes, "pg-landscape-fold"]
        self._card = pn.Column(self.fold, css_classes=["pg-card", "pg-landscape"], margin=0)
        settings.param.watch(self._on_settings, list(CHOSEN))
        self.fold.param.watch(self._on_fold, "collapsed")
        self._is_interrupted = False
        if (session := browser_session()) is not None:
            session.on_lost.append(partial(session.schedule, self.pause))
            session.on_back.append(partial(session.schedule, self.resume))
            session.on_end.append(self._task.cancel)

    def __panel__(self) -> pn.Column:
        return self._card

    def _body(self, above: Sequence[Any]) -> pn.Column:
        settings = self.settings
        self._words = LiveHTML(WAIT, css_classes=["pg-landscape-words"], margin=0)
        self._remarks = LiveHTML("", css_classes=["pg-landscape-words"], margin=0)
        self._reading = LiveHTML(HINT, css_classes=["pg-reading"], margin=0)
        self._picture = pn.Column(css_classes=["pg-landscape-picture"], margin=0)
        self._seed = NumberField(settings, "seed", "Seed")
        go_there = worded_button(
            "Go there", "pin", "Give the network the weights of this place", self._go_to_fields, ""
        )
        fields_of_place = pn.Row(
            NumberField(self, "across", "Across"),
            NumberField(self, "upwards", "Upwards"),
            go_there,
            css_classes=["pg-landscape-place"],
            margin=0,
        )
        controls = group(
            field(settings, "directions"),
            LogField(settings, "reach", -1, 1),
            self._seed,
            *self.make_fields(),
            field(settings, "penalty"),
        )
        self.show_fields()
        side = pn.Column(
            self._reading,
            *above,
            self._words,
            controls,
            fields_of_place,
            self._remarks,
            css_classes=["pg-landscape-side"],
            margin=0,
        )
        return pn.Column(self._picture, side, css_classes=["pg-landscape-body"], margin=0)

    @property
    def views(self) -> tuple[LiveView, ...]:
        """The picture, once there is one."""
        return () if self.view is None else (self.view,)

    # To be implemented ----------------------------------------------------------------------------

    def prepare(self, checkpoint: int | None, frame: Any) -> Work:  # noqa: ANN401
        """Return what computes a landscape, in a worker thread.

        Called on the event loop, where all settings are copied.

        Parameters
        ----------
        checkpoint : int or None
            The number of the checkpoint that is shown; None for the present.
        frame : Frame or ImageFrame
            What the page shows.
        """
        raise NotImplementedError

    def set_weights(self, frame: Landscape, place: Place, on_done: Callable[[], None]) -> None:
        """Give the present network the weights of a place; call back once it has them."""
        raise NotImplementedError

    def shape(self, frame: Any) -> object:  # noqa: ANN401
        """Return what is another one for a network of another shape."""
        raise NotImplementedError

    def make_fields(self) -> Sequence[Any]:
        """Make the fields beside those that all networks have."""
        return ()

    # Computing ------------------------------------------------------------------------------------

    def update(self, frame: Any) -> None:  # noqa: ANN401
        """Compute the picture of a newer frame, if the fold is open and anything has changed."""
        if self.fold.collapsed or self._key_of(frame) == self._key:
            return
        # While it trains, the processor is for training.
        is_early = self._task.busy or monotonic() < self._next_at
        if self._heartbeat.running and (is_early or not self.follows_training):
            return
        self._request(frame)

    def cancel(self) -> None:
        """Stop computing."""
        self._task.cancel()

    def pause(self) -> None:
        """Stop computing while nobody sees the page."""
        if self._task.busy:
            self._is_interrupted = True
            self.cancel()

    def resume(self) -> None:
        """Compute what `pause` has stopped, anew."""
        if self._is_interrupted and not self.fold.collapsed:
            self._request(self._heartbeat.frame)

    def chosen(self) -> LandscapeSettings:
        """Copy the settings."""
        values = {name: getattr(self.settings, name) for name in (*CHOSEN, "side")}
        return LandscapeSettings(**values)

    def refuse(self, sentence: str) -> None:
        """Say why there is no picture; the one before stays."""
        self.say(f'<p class="pg-refused">{escape(sentence)}</p>')

    def say(self, words: str) -> None:
        """Say something, in HTML, instead of what the picture shows."""
        self._words.object, self._remarks.object = words, ""

    def _key_of(self, frame: Any) -> object:  # noqa: ANN401
        """Return what is equal as long as the picture stays the same."""
        training, shown = self._heartbeat.trainer.training, self._heartbeat.shown_checkpoint
        moment = (shown, frame.epoch, frame.step, frame.train, self.shape(frame))
        return (*moment, training.l1, training.l2)

    def _request(self, frame: Any) -> None:  # noqa: ANN401
        self._key, self._is_interrupted = self._key_of(frame), False
        theme = self._theme() if self.view is None else None
        work = self.prepare(self._heartbeat.shown_checkpoint, frame)
        self._task.submit(partial(_compute, work, theme))

    def _on_computed(self, computed: Computed) -> None:
        self._next_at = monotonic() + max(MIN_PAUSE, BUSY_SHARE * computed.seconds)
        if self.view is None and computed.view is not None:
            self._place_picture(computed.view)
        self.show_landscape(computed.frame)

    def _place_picture(self, view: LiveView) -> None:
        if view.theme != (theme := self._theme()):
            view.restyle(theme)
        gestures = Gestures(move=self.read, leave=self._stop_reading, tap=self.go_to)
        connect_gestures(view, gestures)
        self.view = view
        with page_design():
            self._picture.objects = [view.pane()]

    def show_landscape(self, frame: Landscape) -> None:
        """Show a landscape."""
        if self.view is not None and self.view.frame is not frame:
            self.view.push(frame, pointer=None)
        self.say(words_html(frame))
        self._remarks.object = remarks_html(frame)

    # Settings -------------------------------------------------------------------------------------

    def _on_fold(self, _event: object) -> None:
        if self.fold.collapsed:
            self.cancel()
            self._key = None
        else:
            self.show_fields()
            self._request(self._heartbeat.frame)

    def _on_settings(self, *_events: object) -> None:
        self.show_fields()
        if not self.fold.collapsed:
            self._stop_reading()
            self._request(self._heartbeat.frame)

    def show_fields(self) -> None:
        """Show the fields of the chosen directions only."""
        if self._seed is not None:
            self._seed.__panel__().visible = self.settings.directions == RANDOM

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
        if self.view is None:
            return
        frame: Landscape = self.view.frame
        if frame.contains(*place):
            self.set_weights(frame, place, self._on_there)
            return
        self.tell(
            f"The picture goes from {frame.across[0]:.3g} to {frame.across[-1]:.3g} across and "
            f"from {frame.up[0]:.3g} to {frame.up[-1]:.3g} upwards: choose a place in it."
        )

    def tell(self, sentence: str) -> None:
        """Say something where losses are read."""
        self._reading.object = escape(sentence)

    def _on_there(self) -> None:
        self._heartbeat.show_present()
        self.tell(DONE)


def _compute(work: Work, theme: Theme | None) -> Computed:
    """Compute a landscape and its lines.

    With a theme, the first picture is made besides, which would hold the event loop.
    """
    start = perf_counter()
    frame = work()
    contours(frame)
    seconds, view = perf_counter() - start, None
    if theme is not None:
        view = landscape_view(frame, theme)
        view.prepare()
    return Computed(frame, seconds, view)
