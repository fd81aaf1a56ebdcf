"""What a page is about in a sentence, and things to try with one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import panel as pn

from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.dense.frame import Frame


class Experiment(NamedTuple):
    """Settings that are worth a try.

    Attributes
    ----------
    label : str
    settings : mapping of str to object
        Values by public name.
    question : str
        What to look at.
    """

    label: str
    settings: Mapping[str, Any]
    question: str = ""


HINT = "You can't break it: reset, and start again."
HINT_BEFORE_EXPERIMENTS = "You can't break it. Try:"
HINT_WHEN_SOLVED = "Try it with:"


class Welcome(Part):
    """A sentence of welcome above the picture, and buttons that each start an experiment.

    Parameters
    ----------
    sentence : str
        HTML.
    experiments : sequence of Experiment
    start : callable
        Called with the settings of the experiment that is clicked.
    watching : str
        HTML, instead of the sentence once training has begun.
    is_set : callable
        Whether settings are what is on the page: then the experiment is not offered.
    """

    def __init__(
        self,
        sentence: str,
        experiments: Sequence[Experiment] = (),
        start: Callable[[Mapping[str, Any]], None] = lambda settings: None,
        *,
        watching: str = "",
        is_set: Callable[[Mapping[str, Any]], bool] = lambda settings: False,
    ) -> None:
        super().__init__()
        self._experiments, self._is_set = experiments, is_set
        self._buttons = buttons = [self._button(experiment, start) for experiment in experiments]
        self._welcome, self._watching = (
            f'<p class="pg-sentence">{each}</p>' for each in (sentence, watching or sentence)
        )
        self._sentence = LiveHTML(self._welcome, margin=0)
        hint = HINT_BEFORE_EXPERIMENTS if buttons else HINT
        self._hint = LiveHTML(
            f'<p class="pg-hint">{hint}</p>', css_classes=["pg-try-hint"], margin=0
        )
        self._column = pn.Column(
            self._sentence,
            pn.Row(
                self._hint,
                *buttons,
                margin=0,
                css_classes=["pg-tries"],
            ),
            margin=0,
            css_classes=["pg-welcome"],
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def update(self, frame: Frame) -> None:
        """Say what to look at in a newer frame, or when its network had learned everything."""
        epoch = frame.learned_epoch
        self._sentence.object = (
            (self._watching if frame.step else self._welcome)
            if epoch is None
            else f'<p class="pg-sentence"><b class="pg-solved">Solved at epoch {epoch:,}.</b> '
            "<span>Can it be done with less?</span></p>"
        )
        for experiment, target in zip(self._experiments, self._buttons, strict=True):
            target.visible = not self._is_set(experiment.settings)
        if self._buttons:
            hint = HINT_BEFORE_EXPERIMENTS if epoch is None else HINT_WHEN_SOLVED
            self._hint.object = f'<p class="pg-hint">{hint}</p>'

    @staticmethod
    def _button(
        experiment: Experiment, start: Callable[[Mapping[str, Any]], None]
    ) -> pn.widgets.Button:
        target = pn.widgets.Button(name=experiment.label, margin=0, css_classes=["pg-try"])
        target.on_click(partial(_start, start, experiment.settings))
        return target


def _start(
    start: Callable[[Mapping[str, Any]], None], settings: Mapping[str, Any], _event: object
) -> None:
    start(settings)
