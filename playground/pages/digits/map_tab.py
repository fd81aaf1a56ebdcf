"""The last hidden layer's points in the plane: live, or placed with more care while paused."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import panel as pn
import param

from playground.pages.digits.progress import ReaderBeat
from playground.pages.errand import Errand
from playground.pages.part import Part
from playground.pages.words import Words
from playground.problems.problem import Floats
from playground.training.digits import ReaderFrame
from playground.training.digits.embedding import EMBEDDINGS, embedded
from playground.views.digits.points import points
from playground.views.theme import Theme

PCA = "PCA"
PAUSED = "It is for a network at rest: pause first."


class MapTab(Part):
    """Test pictures by what the last layer is given for them; like pictures lie together.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme

    Attributes
    ----------
    view : LiveView
    """

    def __init__(self, heartbeat: ReaderBeat, theme: Theme) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._placed: tuple[int, Floats] | None = None
        self._errand: Errand[Floats] = Errand(self._show, self._refuse)
        self.view = points(heartbeat.frame, theme)
        ways = [PCA, *(name for name, way in EMBEDDINGS.items() if way.installed)]
        self._way = pn.widgets.RadioButtonGroup(
            name="Placed by", options=ways, value=PCA, margin=0, css_classes=["pg-modes"]
        )
        self._way.param.watch(self._choose, "value")
        self._said = Words(
            self._words(heartbeat.frame), css_classes=["pg-reading"], margin=0, align="center"
        )
        self._column = pn.Column(
            pn.Row(self._way, self._said, css_classes=["pg-switches"], margin=0),
            self.view.pane(css_classes=["pg-plot"]),
            css_classes=["pg-tab-plot"],
            sizing_mode="stretch_both",
            margin=0,
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def follow(self, frame: ReaderFrame) -> None:
        """Show the points of a newer frame; what was placed while paused holds until a step."""
        if self._way.value != PCA and (self._heartbeat.running or self._outdated(frame)):
            self._way.value = PCA
        if self._way.value == PCA:
            self.view.push(frame)
            self._said.object = self._words(frame)

    def _outdated(self, frame: ReaderFrame) -> bool:
        return self._placed is not None and self._placed[0] != frame.step

    def _choose(self, event: param.parameterized.Event) -> None:
        self._errand.forget()
        self._placed = None
        frame = self._heartbeat.frame
        if event.new == PCA:
            self.follow(frame)
        elif self._heartbeat.running:
            self._refuse(PAUSED)
        else:
            kind, trainer, pictures = event.new, self._heartbeat.trainer, frame.panel.pictures
            self._said.object = f"{kind}: being placed …"
            self._errand.ask(lambda: embedded(kind, trainer.model, pictures))

    def _show(self, places: Floats) -> None:
        frame = self._heartbeat.frame
        if len(places) != len(frame.panel.pictures):  # other pictures have come meanwhile
            self._way.value = PCA
            return
        self._placed = (frame.step, places)
        self.view.push(replace(frame, points=places, spread=np.nan))
        self._said.object = f"{self._way.value}: neighbours stay neighbours."

    def _refuse(self, sentence: str) -> None:
        self._way.value = PCA
        self._said.object = escape(sentence)

    @staticmethod
    def _words(frame: ReaderFrame) -> str:
        return f"The plane shows {frame.spread:.0%} of how far they spread."
