"""What all tabs have in common that explain what one network makes of what is looked at."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape
from typing import Generic, TypeVar

import panel as pn
import param
import torch
from torch import nn

from playground.networks import pretrained
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import TRAINING_NOW, Predictions
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.prediction import ModelOrName
from playground.training.images.frame import Pixels
from playground.views.live_view import LiveView

T = TypeVar("T")

DRAW_FIRST = "Draw a digit to see its prediction explained here."

# Explaining takes longer than reading, and must not hold it up.
explanation_pool = ThreadPoolExecutor(
    max_workers=1, thread_name_prefix="thinker", initializer=partial(torch.set_num_threads, 1)
)


class ExplanationTab(Part, Generic[T]):
    """A tab with a choice of networks, that works only while it is open.

    Subclasses fill in `explainer`, `show_explanation` and `clear_explanation`.

    Parameters
    ----------
    predictor : LivePredictor

    Attributes
    ----------
    views : tuple of LiveView
    """

    views: tuple[LiveView, ...]

    open = param.Boolean(default=False, doc="Whether somebody is looking.")

    def __init__(self, predictor: LivePredictor) -> None:
        super().__init__()
        self._predictor = predictor
        self._task: LatestTask[T] = LatestTask(
            self.show_explanation, self.show_error, explanation_pool
        )
        self._last_request: tuple[object, ...] = ()
        self.network_select = pn.widgets.Select(name="Network", options=[], margin=0, width=150)
        self.caption = LiveHTML(DRAW_FIRST, css_classes=["pg-reading"], margin=0)
        predictor.param.watch(self.ask, "latest")
        self.param.watch(self.ask, "open")
        self.network_select.param.watch(self.ask, "value")

    # What subclasses fill in -------------------------------------------------------------------

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], T]:
        """What to ask the chosen network about a picture; it is called off the loop."""
        raise NotImplementedError

    def show_explanation(self, explained: T) -> None:
        """Show what came of it."""
        raise NotImplementedError

    def clear_explanation(self) -> None:
        """Show that there is nothing to explain."""
        raise NotImplementedError

    def extra_inputs(self) -> object:
        """What else the answer depends on."""
        return None

    # What they are given -----------------------------------------------------------------------

    def ask(self, *_events: object) -> None:
        """Ask anew, unless the answer is known."""
        if not self.open:
            return
        self._update_networks()
        latest, models, name = (
            self._predictor.latest,
            self._predictor.models,
            self.network_select.value,
        )
        if latest.picture is None or name not in models:
            self._task.cancel()
            self._last_request = ()
            self.caption.object = DRAW_FIRST
            self.clear_explanation()
            return
        request = (models[name], latest.picture.tobytes(), self.extra_inputs())
        if request == self._last_request and name != TRAINING_NOW:
            return
        self._last_request = request
        model, explainer = models[name], self.explainer(latest, latest.picture)
        self._task.submit(lambda: explainer(as_module(model)))

    def show_error(self, sentence: str) -> None:
        """Say why there is no answer."""
        self._last_request = ()
        self.caption.object = f'<span class="pg-refused">{escape(sentence)}</span>'

    def _update_networks(self) -> None:
        """Offer the networks that read; the best of them first, if none was chosen."""
        names = list(self._predictor.models)
        if names != self.network_select.options:
            ready = [name for name in names if name != TRAINING_NOW]
            best = ready[-1] if ready else next(iter(names), None)
            self.network_select.param.update(
                options=names,
                value=self.network_select.value if self.network_select.value in names else best,
            )


def as_module(model: ModelOrName) -> nn.Module:
    """A network by its name, or itself."""
    return pretrained.load(model) if isinstance(model, str) else model


def controls_row(*items: object) -> pn.Row:
    """Choices above an explanation."""
    return pn.Row(*items, css_classes=["pg-switches"], margin=0)


def stretched(view: LiveView) -> pn.Column:
    """A view that fills what room there is."""
    return pn.Column(view.pane(), css_classes=["pg-plot"], sizing_mode="stretch_both", margin=0)


def tab_content(*content: object) -> pn.Column:
    """A tab's content, from top to bottom."""
    return pn.Column(*content, css_classes=["pg-explanation"], sizing_mode="stretch_both", margin=0)
