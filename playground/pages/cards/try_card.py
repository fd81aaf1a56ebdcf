"""Things to try with one click, folded away beside the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import panel as pn

from playground.pages.controls.fields.parameter_fields import folded_card
from playground.pages.part import Part
from playground.pages.shell.welcome import Experiment


class TryCard(Part):
    """A card of experiments, each with what to look at.

    Parameters
    ----------
    experiments : sequence of Experiment
    start : callable
        Called with the settings of the experiment that is clicked.
    *others : callable
        Each makes an experiment that needs controls of its own.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        start: Callable[[Mapping[str, Any]], None],
        *others: Callable[[], pn.Column],
    ) -> None:
        super().__init__()

        def make() -> list[pn.Column]:
            rows = [self._row(experiment, start) for experiment in experiments]
            return [*rows, *(make_other() for make_other in others)]

        self._card = folded_card("Things to try", make, area="try-card")

    def __panel__(self) -> pn.Column:
        return self._card

    @staticmethod
    def _row(experiment: Experiment, start: Callable[[Mapping[str, Any]], None]) -> pn.Column:
        target = pn.widgets.Button(name=experiment.label, margin=0, css_classes=["pg-try"])
        target.on_click(partial(_start, start, experiment.settings))
        words = f'<p class="pg-hint">{escape(experiment.question)}</p>'
        return pn.Column(
            target,
            pn.pane.HTML(words, css_classes=["pg-try-words"], margin=0),
            css_classes=["pg-try-row"],
            margin=0,
        )


def _start(
    start: Callable[[Mapping[str, Any]], None], settings: Mapping[str, Any], _event: object
) -> None:
    start(settings)
