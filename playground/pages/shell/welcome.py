"""A sentence on how the learning goes, and what to try or to change with one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import panel as pn

from playground.pages.controls.changed_values import set_changed
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.shell.headline import Headline
from playground.training.core.notes import Remedy


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
INVITATION = "What next?"
"""Before the experiments; on a phone what is offered has no room beside it."""
PAUSED = "Paused. Press <b>Play</b> to go on."
HINT_ABOUT_REMEDY = "What may help:"


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
        HTML, instead of the sentence while it learns.
    is_running : callable
        Whether it learns.
    is_set : callable
        Whether settings are what is on the page: then the experiment is not offered.
    apply : callable
        Called with the remedy of what goes wrong, when its button is clicked.
    headline : callable
        Returns what is to be said of a frame, instead of the sentences; None for nothing.
    """

    def __init__(
        self,
        sentence: str,
        experiments: Sequence[Experiment] = (),
        start: Callable[[Mapping[str, Any]], None] = lambda settings: None,
        *,
        watching: str = "",
        is_running: Callable[[], bool] = lambda: False,
        is_set: Callable[[Mapping[str, Any]], bool] = lambda settings: False,
        apply: Callable[[Remedy], None] = lambda remedy: None,
        headline: Callable[[Any], Headline | None],
    ) -> None:
        super().__init__()
        self._headline, self._apply = headline, apply
        self._offered: Remedy | None = None
        self._remedy = pn.widgets.Button(
            name="Help",
            margin=0,
            css_classes=["pg-small", "pg-headline-remedy"],
            visible=False,
            tags=help_tags("Does what it says, and trains on."),
        )
        self._remedy.on_click(self._apply_remedy)
        self._experiments, self._is_set = experiments, is_set
        self._buttons = buttons = [self._button(experiment, start) for experiment in experiments]
        self._welcome, self._watching = sentence, watching
        self._is_running = is_running
        self._sentence = LiveHTML(_sentence_html(sentence), margin=0)
        self._hint = LiveHTML(_hint_html(HINT), css_classes=["pg-try-hint"], margin=0)
        self._column = pn.Column(
            self._sentence,
            pn.Row(
                self._hint,
                self._remedy,
                *buttons,
                margin=0,
                css_classes=["pg-tries"],
            ),
            margin=0,
            css_classes=["pg-welcome"],
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Say what to look at in a newer frame, what goes wrong there, or that all is learned."""
        headline = self._headline(frame)
        if headline is None:
            headline = Headline(self._sentence_about(frame))
        set_changed(self._sentence, object=_sentence_html(headline.html))
        self._offered = headline.remedy
        if self._offered is not None:
            set_changed(self._remedy, name=self._offered.label)
        set_changed(self._remedy, visible=self._offered is not None)
        # Before the first step one thing is to be done, and that is Play.
        offers = frame.step > 0 and self._offered is None
        for experiment, target in zip(self._experiments, self._buttons, strict=True):
            set_changed(target, visible=offers and not self._is_set(experiment.settings))
        set_changed(self._hint, object=_hint_html(self._hint_text(headline, offers=offers)))

    def _sentence_about(self, frame: Any) -> str:  # noqa: ANN401 (any trainer's)
        """Say what is to be done, or to be watched."""
        if not (frame.step and self._watching):
            return self._welcome
        return self._watching if self._is_running() else PAUSED

    def _apply_remedy(self, _event: object) -> None:
        if self._offered is not None:
            self._apply(self._offered)

    def _hint_text(self, headline: Headline, *, offers: bool) -> str:
        if headline.remedy is not None:
            return HINT_ABOUT_REMEDY
        if not (offers and self._buttons):
            return HINT
        return f'<span class="pg-and-then">{headline.invitation or INVITATION} </span>Try:'

    @staticmethod
    def _button(
        experiment: Experiment, start: Callable[[Mapping[str, Any]], None]
    ) -> pn.widgets.Button:
        target = pn.widgets.Button(
            name=experiment.label,
            margin=0,
            css_classes=["pg-try"],
            visible=False,
            tags=help_tags("Changes the network to that, and trains it from the first step."),
        )
        target.on_click(lambda _event: start(experiment.settings))
        return target


def _sentence_html(sentence: str) -> str:
    return f'<p class="pg-sentence">{sentence}</p>'


def _hint_html(hint: str) -> str:
    return f'<p class="pg-hint">{hint}</p>'
