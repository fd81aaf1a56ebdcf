"""Which pixels speak for what was read."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
import panel as pn
from torch import nn

from playground.pages.digits.explanation import Explanation, plot, row, tab
from playground.pages.digits.looking import Look
from playground.pages.digits.subject import Subject
from playground.training.digits.frame import Pixels
from playground.training.digits.why import saliency
from playground.views.digits.picture import picture
from playground.views.digits.sights import PictureSight
from playground.views.theme import Theme

Answer = tuple[PictureSight, str]


class Why(Explanation[Answer]):
    """The picture as the network sees it, with what each pixel matters over it."""

    def __init__(self, subject: Subject, theme: Theme) -> None:
        super().__init__(subject)
        self._picture = picture(PictureSight(None), theme)
        self.views = (self._picture,)
        self._tab = tab(row(self.of, self.said), plot(self._picture))

    def __panel__(self) -> pn.Column:
        return self._tab

    def question(self, look: Look, picture: Pixels) -> Callable[[nn.Module], Answer]:
        """How much each pixel speaks for what the network reads."""
        bars = look.bars
        probabilities = bars.probabilities[bars.models.index(self.of.value)]
        if not np.isfinite(probabilities).all():
            return lambda network: (PictureSight(picture, saliency(network, picture)), "")
        label = int(probabilities.argmax())
        said = (
            f"Blue pixels speak for <b>{escape(bars.classes[label])}</b>, orange ones against it: "
            "ink where it should be or should not, and paper left blank."
        )
        return lambda network: (PictureSight(picture, saliency(network, picture, label)), said)

    def tell(self, answer: Answer) -> None:
        """Show what came of it."""
        sight, self.said.object = answer
        self._picture.push(sight)

    def blank(self) -> None:
        """Show empty paper."""
        self._picture.push(PictureSight(None))
