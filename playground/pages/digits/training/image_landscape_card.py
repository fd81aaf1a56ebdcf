"""The loss landscape of the image classifier in training."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import panel as pn

from playground.pages.cards.landscape.landscape_card import LandscapeCard, Work
from playground.pages.cards.populations.population_card import SHOW_SCRIPT
from playground.pages.controls.buttons import text_button, worded_button
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.progress_bar_html import progress_bar_html
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.shell.latest_task import LatestTask
from playground.serving.sessions import loop_scheduler
from playground.training.images import ImageFrame
from playground.training.landscape import (
    DIRECTIONS,
    Landscape,
    LandscapeSettings,
    image_landscape,
)
from playground.training.landscape.image_landscape import SIDE
from playground.training.landscape.settings import PATH, RANDOM
from playground.views.gestures import Place
from playground.views.theme import Theme

LEAST_PROGRESS = 0.04
"""Share of the work after which progress is shown anew."""
STOPPED = "<p>Stopped. Choose directions, or open the fold again, to compute the map.</p>"


class ImageLandscapeCard(LandscapeCard):
    """Shows the loss landscape of an image classifier, which takes seconds to compute.

    It can be stopped meanwhile. While the network trains, the map stays as it is. The card is
    hidden until it is asked for, since the page fills the window without it.

    Attributes
    ----------
    launcher : Button
        Shows the card, for another one.
    """

    follows_training = False

    def __init__(self, heartbeat: ImageHeartbeat, theme: Callable[[], Theme]) -> None:
        settings = LandscapeSettings(side=SIDE)
        settings.param.directions.objects = {
            label: kind for label, kind in DIRECTIONS.items() if kind in (PATH, RANDOM)
        }
        self._trainer = heartbeat.trainer
        self._bar = LiveHTML("", css_classes=["pg-progress"], margin=0)
        self._stop = text_button("Stop", self.cancel)
        self._request_shown: object = None
        self._progress = pn.Column(self._bar, self._stop, visible=False, margin=0)
        self._set_task: LatestTask[Callable[[], None]] = LatestTask(
            lambda on_done: on_done(), self.tell
        )
        super().__init__(heartbeat, theme, settings, above=(self._progress,))
        # The style sheet gives a card a `display` of its own, which `visible` could not undo.
        self._place = DeferredColumn(
            super().__panel__(), css_classes=["pg-starts-place"], margin=0, visible=False
        )
        self._place.jscallback(visible=SHOW_SCRIPT)
        self.launcher = worded_button(
            "Loss landscape",
            "landscape",
            "Show the loss that other weights would have",
            self.open,
            "",
        )

    def __panel__(self) -> pn.Column:
        return self._place

    def open(self, _event: object = None) -> None:
        """Show the card, unfolded."""
        self._place.visible = True
        self.fold.collapsed = False

    def prepare(self, checkpoint: int | None, frame: ImageFrame) -> Work:
        """Return what computes a landscape; see `LandscapeCard.prepare`."""
        trainer, requested, settings = self._trainer, self._trainer.settings(), self.chosen()
        schedule, shown = loop_scheduler(), [0.0]
        request = self._request_shown = object()
        self._show_progress(request, 0.0)

        def on_progress(share: float) -> None:
            if schedule is not None and share - shown[0] >= LEAST_PROGRESS:
                shown[0] = share
                schedule(partial(self._show_progress, request, share))

        def compute() -> Landscape:
            last = len(trainer.checkpoints) - 1
            chosen = None if checkpoint is None or last < 0 else min(checkpoint, last)
            return image_landscape(trainer.weight_path(chosen, requested), settings, on_progress)

        return compute

    def set_weights(self, frame: Landscape, place: Place, on_done: Callable[[], None]) -> None:
        """Set the weights of a place in a worker; see `LandscapeCard.set_weights`."""
        trainer, row = self._trainer, frame.weights_at(*place)

        def work() -> Callable[[], None]:
            trainer.set_weights(row)
            return on_done

        self._set_task.submit(work)

    def shape(self, frame: ImageFrame) -> object:
        """Return the layers."""
        return frame.stages

    def cancel(self) -> None:
        """Stop computing, and say so."""
        super().cancel()
        self._hide_progress()
        self.say(STOPPED)

    def refuse(self, sentence: str) -> None:
        """Say why there is no picture; the one before stays."""
        self._hide_progress()
        super().refuse(sentence)

    def show_landscape(self, frame: Landscape) -> None:
        """Show a landscape."""
        self._hide_progress()
        super().show_landscape(frame)

    def _show_progress(self, request: object, share: float) -> None:
        """Show progress, unless the work was stopped or replaced since it was told."""
        if request is self._request_shown:
            self._bar.object = progress_bar_html(share, "Computing the map")
            self._progress.visible = True

    def _hide_progress(self) -> None:
        self._request_shown = None
        self._progress.visible = False
