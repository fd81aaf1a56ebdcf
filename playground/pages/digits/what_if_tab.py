"""What one would have to change for it to be read as something else."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import panel as pn
from torch import nn

from playground.pages.digits.explanation import Explanation, plot, row, tab
from playground.pages.digits.looking import Look
from playground.pages.digits.subject import Subject
from playground.training.digits.frame import Pixels
from playground.training.digits.why import Change, what_if
from playground.views.digits.picture import picture
from playground.views.digits.sights import PictureSight
from playground.views.theme import Theme

Answer = tuple[Pixels, str, Change]


class WhatIf(Explanation[Answer]):
    """The drawing as it would have to be, and what is different, for a class that is chosen."""

    def __init__(self, subject: Subject, theme: Theme) -> None:
        super().__init__(subject)
        self._changed = picture(PictureSight(None), theme)
        self._difference = picture(PictureSight(None), theme)
        self.views = (self._changed, self._difference)
        self._label = pn.widgets.Select(
            name="To be read as", options=self._options(), value=0, margin=0, width=110
        )
        self._label.param.watch(self.ask, "value")
        both = pn.Row(
            plot(self._changed),
            plot(self._difference),
            css_classes=["pg-curve-row"],
            sizing_mode="stretch_both",
            margin=0,
        )
        self._tab = tab(row(self.of, self._label), self.said, both)

    def __panel__(self) -> pn.Column:
        return self._tab

    def question(self, look: Look, picture: Pixels) -> Callable[[nn.Module], Answer]:
        """What would have to change."""
        label, name = self._label.value, look.bars.classes[self._label.value]
        return lambda network: (picture, name, what_if(network, picture, label))

    def wish(self) -> object:
        """The class it should be read as."""
        return self._label.value

    def ask(self, *events: object) -> None:
        """Ask anew; classes have other names when other pictures are learned."""
        if self._label.options != (options := self._options()):
            self._label.options = options
        super().ask(*events)

    def tell(self, answer: Answer) -> None:
        """Show what came of it."""
        before, name, change = answer
        self._changed.push(PictureSight(change.picture))
        self._difference.push(PictureSight(before, change.delta))
        kind = f"<b>{escape(name)}</b>"
        if not change.reached:
            self.said.object = f"Not even much changed is it read as {kind}."
        elif not change.delta.any():
            self.said.object = f"It is read as {kind} already."
        else:
            self.said.object = (
                f"With blue ink added and orange ink taken away it is read as {kind}, "
                f"{change.probability:.0%} sure."
            )

    def blank(self) -> None:
        """Show empty paper."""
        for view in (self._changed, self._difference):
            view.push(PictureSight(None))

    def _options(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._subject.classes)}
