"""The tab “Why”: the parts of a drawing that decide its prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
import panel as pn
from torch import nn

from playground.number_text import format_percent
from playground.pages.digits.prediction.explanation_tab import (
    ExplanationTab,
    controls_row,
    side_by_side,
    tab_content,
)
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import Predictions
from playground.training.images.explain import Occlusion, Part, occlusion
from playground.training.images.frame import Pixels
from playground.views.images.captioned_images import captioned_images
from playground.views.images.single_image import picture
from playground.views.images.view_data import CaptionedImagesData, PictureData
from playground.views.theme import Theme

Explained = tuple[Pixels, tuple[str, ...], Occlusion]

SURE = 0.5
"""Probability from which an answer is worth naming."""
NOTHING = CaptionedImagesData(
    np.zeros((0, 28, 28), np.uint8), captions=(), wrong=np.zeros(0, np.int64)
)


class WhyTab(ExplanationTab[Explained]):
    """The deciding parts of the drawing, and the drawing without each of them."""

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__(predictor)
        self._parts_view = picture(PictureData(None), theme)
        self._without_view = captioned_images(NOTHING, theme)
        self.views = (self._parts_view, self._without_view)
        self._tab = tab_content(
            controls_row(self.network_select),
            self.caption,
            side_by_side(self._parts_view, self._without_view),
        )

    def __panel__(self) -> pn.Column:
        return self._tab

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], Explained]:
        """Return the function that finds the parts that decide about the predicted class."""
        probabilities, classes = self.probabilities(latest), latest.bars.classes
        label = int(probabilities.argmax()) if np.isfinite(probabilities).all() else None
        return lambda network: (picture, classes, occlusion(network, picture, label))

    def show_explanation(self, explained: Explained) -> None:
        """Show the parts, the drawing without each, and what they are about in words."""
        drawn, classes, found = explained
        self.caption.object = evidence_sentences(found, classes)
        self._parts_view.push(PictureData(drawn, found.overlay))
        self._without_view.push(_without_each(found.parts, classes))

    def clear_explanation(self) -> None:
        """Show empty pictures."""
        self._parts_view.push(PictureData(None))
        self._without_view.push(NOTHING)


def _without_each(parts: Sequence[Part], classes: tuple[str, ...]) -> CaptionedImagesData:
    if not parts:
        return NOTHING
    pictures = np.stack([part.picture for part in parts])
    return CaptionedImagesData(
        pictures, tuple(_caption(part, classes) for part in parts), NOTHING.wrong
    )


def evidence_sentences(found: Occlusion, classes: tuple[str, ...]) -> str:
    """Return HTML that says what speaks for the prediction, and what against it."""
    name = f"<b>{escape(classes[found.label])}</b>"
    speaks_for = [part for part in found.parts if part.effect > 0]
    speaks_against = [part for part in found.parts if part.effect < 0]
    if not found.parts:
        return f"No single part decides: whichever is erased, {name} stays about as probable."
    sentences = []
    if speaks_for:
        clauses = "; ".join(_clause(part, found, classes) for part in speaks_for[:2])
        sentences.append(f"<i>Blue</i> speaks for {name}: {clauses}.")
    if speaks_against:
        clause = _clause(speaks_against[0], found, classes)
        sentences.append(f"<i>Orange</i> speaks against {name}: {clause}.")
    return " ".join(sentences)


def _clause(part: Part, found: Occlusion, classes: tuple[str, ...]) -> str:
    if part.is_gap:
        condition = f"with the gap {part.place} closed"
    else:
        condition = f"without the {'loop' if part.in_loop else 'ink'} {part.place}"
    if part.predicted == found.label:
        before, after = (format_percent(each, 0) for each in (found.probability, part.remaining))
        change = f"from {before} to {after}" if before != after else f"only within {before}"
        verb = "falls" if part.effect > 0 else "rises"
        return f"{condition} its probability {verb} {change}"
    percent = format_percent(part.probability, 0)
    other = f"<b>{escape(classes[part.predicted])}</b>"
    if part.probability < SURE:
        return f"{condition} nothing is certain ({other} at most, {percent})"
    return f"{condition} it reads {other} ({percent})"


def _caption(part: Part, classes: tuple[str, ...]) -> str:
    """Return what is predicted without a part, in two short lines."""
    verb = "closed" if part.is_gap else "erased"
    return f"{verb}: {classes[part.predicted]}\n{format_percent(part.probability, 0)}"
