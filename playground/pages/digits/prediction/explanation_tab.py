"""Base of the tabs that explain the prediction of one network."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Generic, TypeVar

import panel as pn
import param
from torch import nn

from playground.networks import pretrained
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import TRAINING_NOW, Predictions
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.prediction import ModelOrName
from playground.problems.problem import Floats
from playground.serving.threads.thread_pools import explanation_workers
from playground.training.images.frame import Pixels
from playground.views.live_view import LiveView

T = TypeVar("T")

DRAW_FIRST = "Draw a digit to see its prediction explained here."
COMPUTING = "Trying changes of the drawing…"


class ExplanationTab(Part, Generic[T]):
    """Abstract: a tab with a choice of networks, which computes only while it is open.

    Subclasses implement `explainer`, `show_explanation` and `clear_explanation`, and `extra_inputs`
    where an explanation depends on more than network and picture.

    Parameters
    ----------
    predictor : LivePredictor

    Attributes
    ----------
    views : tuple of LiveView
    """

    views: tuple[LiveView, ...]

    open = param.Boolean(default=False, doc="Whether the tab is shown.")

    def __init__(self, predictor: LivePredictor) -> None:
        super().__init__()
        self._predictor = predictor
        self._task: LatestTask[T] = LatestTask(
            self._show_result, self.show_error, explanation_workers
        )
        self._last_inputs: tuple[object, ...] = ()
        self._has_learned = False
        self.network_select = pn.widgets.Select(name="Network", options=[], margin=0, width=150)
        self.caption = LiveHTML(DRAW_FIRST, css_classes=["pg-reading"], margin=0)
        predictor.param.watch(self.request, "latest")
        self.param.watch(self.request, "open")
        self.network_select.param.watch(self.request, "value")

    # What subclasses implement -------------------------------------------------------------------

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], T]:
        """Return the function that explains the picture; it runs in another thread."""
        raise NotImplementedError

    def show_explanation(self, explained: T) -> None:
        """Show an explanation."""
        raise NotImplementedError

    def clear_explanation(self) -> None:
        """Show an empty tab."""
        raise NotImplementedError

    def extra_inputs(self) -> object:
        """Return what the explanation depends on besides network and picture."""
        return None

    # What they inherit -----------------------------------------------------------------------

    def probabilities(self, latest: Predictions) -> Floats:
        """Return the class probabilities that the chosen network predicts, of shape (classes,)."""
        bars = latest.bars
        found: Floats = bars.probabilities[bars.models.index(self.network_select.value)]
        return found

    def request(self, *_events: object) -> None:
        """Request an explanation, unless the inputs of the last one are the same."""
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
            self._last_inputs = ()
            self.caption.object = DRAW_FIRST
            self.clear_explanation()
            return
        inputs = (models[name], latest.picture.tobytes(), self.extra_inputs())
        if inputs == self._last_inputs:
            if name != TRAINING_NOW:
                return
            if self._task.busy:
                # It learns faster than it is explained: a new request would cancel each before.
                self._has_learned = True
                return
        self._last_inputs, self._has_learned = inputs, False
        if self.caption.object == DRAW_FIRST:
            self.caption.object = COMPUTING
        model, explainer = models[name], self.explainer(latest, latest.picture)
        self._task.submit(lambda: explainer(as_module(model)))

    def show_error(self, sentence: str) -> None:
        """Show why there is no explanation."""
        self._last_inputs = ()
        self.caption.object = f'<span class="pg-refused">{escape(sentence)}</span>'

    def _show_result(self, explained: T) -> None:
        self.show_explanation(explained)
        if self._has_learned:
            self.request()

    def _update_networks(self) -> None:
        """Offer the networks that predict, and choose the best pretrained one if none is chosen."""
        names = list(self._predictor.models)
        if names != self.network_select.options:
            pretrained_names = [name for name in names if name != TRAINING_NOW]
            best = pretrained_names[-1] if pretrained_names else next(iter(names), None)
            self.network_select.param.update(
                options=names,
                value=self.network_select.value if self.network_select.value in names else best,
            )


def as_module(model: ModelOrName) -> nn.Module:
    """Return a network, loaded if only its name is given."""
    return pretrained.load(model) if isinstance(model, str) else model


def controls_row(*items: object) -> pn.Row:
    """Return a row of controls above an explanation."""
    return pn.Row(*items, css_classes=["pg-switches"], margin=0)


def stretch(view: LiveView) -> pn.Column:
    """Return a view that fills the tab."""
    return pn.Column(view.pane(), css_classes=["pg-plot"], sizing_mode="stretch_both", margin=0)


def side_by_side(*views: LiveView) -> pn.Row:
    """Return views that share the width of the tab."""
    return pn.Row(
        *map(stretch, views), css_classes=["pg-curve-row"], sizing_mode="stretch_both", margin=0
    )


def tab_content(*content: object) -> pn.Column:
    """Return a tab's content, stacked from top to bottom."""
    return pn.Column(*content, css_classes=["pg-explanation"], sizing_mode="stretch_both", margin=0)
