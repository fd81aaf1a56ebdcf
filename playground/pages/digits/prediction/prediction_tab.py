"""The tab “They read”: probabilities of each network as bars, and a verdict."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.controls.fields.parameter_fields import field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import Predictions
from playground.pages.part import Part
from playground.views.images.probability_bars import probability_bars
from playground.views.live_view import LiveView
from playground.views.theme import Theme

NO_PRETRAINED = (
    "Weights of the pretrained classifiers are missing: only the network in training predicts."
)


class PredictionTab(Part):
    """A sentence, and a bar for each class and network.

    Parameters
    ----------
    predictor : LivePredictor
    theme : Theme

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__()
        self._bars = probability_bars(predictor.latest.bars, theme)
        self.views: tuple[LiveView, ...] = (self._bars,)
        self._message = LiveHTML(
            verdict(predictor.latest),
            css_classes=["pg-verdict"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self._column = pn.Column(
            self._message,
            pn.Column(
                self._bars.pane(), css_classes=["pg-plot"], margin=0, sizing_mode="stretch_both"
            ),
            css_classes=["pg-readings"],
            margin=0,
            sizing_mode="stretch_both",
        )
        predictor.param.watch(self._show, "latest")

    def __panel__(self) -> pn.Column:
        return self._column

    def _show(self, event: param.parameterized.Event) -> None:
        latest: Predictions = event.new
        self._bars.push(latest.bars)
        if (sentence := verdict(latest)) != self._message.object:
            self._message.object = sentence


def classifier_choice(predictor: LivePredictor) -> pn.viewable.Viewable:
    """Return the choice of pretrained classifiers; a sentence if there are none."""
    if not predictor.param.chosen.objects:
        return LiveHTML(NO_PRETRAINED, css_classes=["pg-about"], margin=0)
    return field(
        predictor,
        "chosen",
        widget=pn.widgets.CheckButtonGroup,
        name="Classifiers",
        css_classes=["pg-chips"],
    )


def verdict(latest: Predictions) -> str:
    """Return what the networks agree on, as HTML."""
    words = f' <span class="pg-refused">{escape(latest.message)}</span>' if latest.message else ""
    votes = latest.votes
    if not votes:
        return f"<p>{escape(latest.message)}</p>"
    if latest.digit_sequence:
        *all_but_last, last = map(escape, latest.digit_sequence)
        digits = f"{len(latest.digit_sequence)} digits: {', '.join(all_but_last)} and {last}"
        return f"<p>This looks like <b>{digits}</b>.{words}</p>"
    best = max(votes, key=lambda name: votes[name])
    if latest.bars.doubtful:
        return f"<p><b>Not a digit?</b> If it is one, then perhaps {escape(best)}.{words}</p>"
    if len(votes) == 1:
        return f"<p>Prediction: <b>{escape(best)}</b>.{words}</p>"
    others = ", ".join(name for name in votes if name != best)
    return f"<p>Most predict <b>{escape(best)}</b>, others {escape(others)}.{words}</p>"
