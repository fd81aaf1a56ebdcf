"""The loss landscape of the small dense network of a page."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import param

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.pages.cards.landscape.landscape_card import WEIGHTS, LandscapeCard, Work
from playground.pages.controls.fields.parameter_fields import field
from playground.pages.part import DenseHeartbeat
from playground.training.dense.edits import SetWeights
from playground.training.dense.frame import Frame
from playground.training.landscape import Landscape, LandscapeSettings, dense_landscape
from playground.training.landscape.directions import SMALL, weight_names
from playground.training.landscape.settings import TWO_WEIGHTS
from playground.views.gestures import Place
from playground.views.theme import Theme


class DenseLandscapeCard(LandscapeCard):
    """Shows the loss landscape of a dense network; see `LandscapeCard`."""

    def __init__(self, heartbeat: DenseHeartbeat, theme: Callable[[], Theme]) -> None:
        settings = LandscapeSettings()
        self._trainer = heartbeat.trainer
        self._weights: tuple[pn.widgets.Widget, ...] = ()
        self._plan: Plan | None = None
        super().__init__(heartbeat, theme, settings)

    def make_fields(self) -> tuple[pn.widgets.Widget, ...]:
        """Make the choices of two weights."""
        self._weights = tuple(field(self.settings, name) for name in WEIGHTS)
        return self._weights

    def prepare(self, checkpoint: int | None, frame: Frame) -> Work:
        """Return what computes a landscape; see `LandscapeCard.prepare`."""
        self._offer_weights(frame.plan)
        trainer, requested, settings = self._trainer, self._trainer.settings(), self.chosen()

        def compute() -> Landscape:
            last = len(trainer.checkpoints) - 1
            chosen = None if checkpoint is None or last < 0 else min(checkpoint, last)
            weight_path = trainer.weight_path(chosen, requested)
            self._plan = weight_path.plan
            return dense_landscape(weight_path, settings)

        return compute

    def set_weights(self, frame: Landscape, place: Place, on_done: Callable[[], None]) -> None:
        """Request the weights of a place; see `LandscapeCard.set_weights`."""
        if self._plan is None:
            return
        try:
            self._trainer.edit(SetWeights(self._plan, frame.weights_at(*place)))
        except InputError as error:
            self.tell(str(error))
        else:
            on_done()

    def shape(self, frame: Frame) -> object:
        """Return the plan."""
        return frame.plan

    def show_fields(self) -> None:
        """Show the fields of the chosen directions only."""
        super().show_fields()
        for each in self._weights:
            each.visible = self.settings.directions == TWO_WEIGHTS

    def _offer_weights(self, plan: Plan) -> None:
        """Let two of the network's weights be chosen; of a large one, of its first ones."""
        settings = self.settings
        names = weight_names(plan)[:SMALL]
        if settings.param.first_weight.objects == names:
            return
        with param.parameterized.discard_events(settings):
            for number, name in enumerate(WEIGHTS):
                settings.param[name].objects = names
                if getattr(settings, name) not in names:
                    setattr(settings, name, names[number])
        for name, widget in zip(WEIGHTS, self._weights, strict=True):
            widget.param.update(options=names, value=getattr(settings, name))
