"""Things to try with one click: the next one in sight, all of them folded away below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import panel as pn

from playground.pages.controls.fields.parameter_fields import collapsed_card
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.shell.welcome import Experiment

ONE_CLICK = "Sets the page up for this, and trains from the first step."
"""What a button of an experiment does."""


class TryCard(Part):
    """A card of experiments, each with what to look at.

    Parameters
    ----------
    experiments : sequence of Experiment
        None where only others are offered.
    start : callable
        Called with the settings of the experiment that is clicked.
    is_set : callable
        Whether settings are what is on the page: then the experiment is not the next one.
    *others : callable
        Each makes an experiment that needs controls of its own.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        start: Callable[[Mapping[str, Any]], None],
        is_set: Callable[[Mapping[str, Any]], bool],
        *others: Callable[[], pn.Column],
    ) -> None:
        super().__init__()
        self._experiments, self._start, self._is_set = experiments, start, is_set
        self._number = 0
        self._fitting: list[int] = []
        self._button = _button("", lambda: self._try(self._number), "pg-try-first")
        self._question = LiveHTML("", css_classes=["pg-try-words"], margin=0)
        next_one = (
            pn.pane.HTML("<h2>Try this</h2>", css_classes=["pg-title"], margin=0),
            _row(self._button, self._question),
        )

        def make() -> list[pn.Column]:
            return [*map(self._static_row, range(len(experiments))), *(each() for each in others)]

        self._card = pn.Column(
            *(next_one if experiments else ()),
            collapsed_card("All things to try" if experiments else "Things to try", make=make),
            css_classes=["pg-card", "pg-try-card"],
            margin=0,
            min_width=0,
        )
        if experiments:
            self._show(0)

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: object) -> None:
        """Offer an experiment with what is on the page now; the next one once one is set."""
        if not self._experiments:
            return
        fitting = [number for number in range(len(self._experiments)) if self._fits(number)]
        if fitting != self._fitting:
            self._fitting = fitting
            if fitting and self._number not in fitting:
                self._show(fitting[0])
        if self._is_set(self._experiments[self._number].settings):
            self._show(self._number + 1)

    def _fits(self, number: int) -> bool:
        """Whether an experiment is about the data on the page, which are its first setting."""
        settings = self._experiments[number].settings
        name = next(iter(settings))
        return self._is_set({name: settings[name]}) and not self._is_set(settings)

    def _static_row(self, number: int) -> pn.Column:
        experiment = self._experiments[number]
        words = pn.pane.HTML(_question_html(experiment), css_classes=["pg-try-words"], margin=0)
        return _row(_button(experiment.label, partial(self._try, number)), words)

    def _try(self, number: int) -> None:
        self._start(self._experiments[number].settings)
        self._show(number + 1)

    def _show(self, number: int) -> None:
        """Offer an experiment in sight; the first follows the last."""
        self._number = number % len(self._experiments)
        experiment = self._experiments[self._number]
        self._button.name = experiment.label
        self._question.object = _question_html(experiment)


def _row(*content: object) -> pn.Column:
    return pn.Column(*content, css_classes=["pg-try-row"], margin=0)


def _button(label: str, act: Callable[[], None], kind: str = "pg-try") -> pn.widgets.Button:
    target = pn.widgets.Button(name=label, margin=0, css_classes=[kind], tags=help_tags(ONE_CLICK))
    target.on_click(lambda _event: act())
    return target


def _question_html(experiment: Experiment) -> str:
    return f'<p class="pg-hint">{escape(experiment.question)}</p>'
