"""The tab “Map”: outputs of the last hidden layer in the plane, by PCA or, paused, by t-SNE."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import panel as pn
import param

from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.problems.problem import Floats
from playground.training.images import ImageFrame
from playground.training.images.probes.embedding import EMBEDDINGS, embed_images
from playground.views.images.embedding_scatter import points
from playground.views.theme import Theme

PCA = "PCA"
PAUSE_FIRST = "It needs a paused network: pause first."


class EmbeddingTab(Part):
    """Test pictures as points, placed by the inputs of the last layer; like pictures lie together.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme

    Attributes
    ----------
    view : LiveView
    """

    def __init__(self, heartbeat: ImageHeartbeat, theme: Theme) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._embedded: tuple[int, Floats] | None = None
        self._task: LatestTask[Floats] = LatestTask(self._show, self._show_error)
        self.view = points(heartbeat.frame, theme)
        methods = [PCA, *(name for name, method in EMBEDDINGS.items() if method.installed)]
        self._method = pn.widgets.RadioButtonGroup(
            name="Projection",
            options=methods,
            value=PCA,
            margin=0,
            css_classes=["pg-modes"],
            tags=group_name("Projection"),
        )
        self._method.param.watch(self._on_method, "value")
        self._message = LiveHTML(
            self._variance_sentence(heartbeat.frame),
            css_classes=["pg-reading"],
            margin=0,
            align="center",
        )
        self._column = pn.Column(
            pn.Row(self._method, self._message, css_classes=["pg-switches"], margin=0),
            self.view.pane(css_classes=["pg-plot"]),
            css_classes=["pg-tab-plot"],
            sizing_mode="stretch_both",
            margin=0,
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def update(self, frame: ImageFrame) -> None:
        """Show the points of a newer frame; a t-SNE stays until the next training step."""
        if self._method.value != PCA and (self._heartbeat.running or self._is_outdated(frame)):
            self._method.value = PCA
        if self._method.value == PCA:
            self.view.push(frame)
            self._message.object = self._variance_sentence(frame)

    def _is_outdated(self, frame: ImageFrame) -> bool:
        return self._embedded is not None and self._embedded[0] != frame.step

    def _on_method(self, event: param.parameterized.Event) -> None:
        self._task.cancel()
        self._embedded = None
        frame = self._heartbeat.frame
        if event.new == PCA:
            self.update(frame)
        elif self._heartbeat.running:
            self._show_error(PAUSE_FIRST)
        else:
            kind, trainer, pictures = event.new, self._heartbeat.trainer, frame.probe_set.pictures
            self._message.object = f"{kind}: computing …"
            self._task.submit(lambda: embed_images(kind, trainer.model, pictures))

    def _show(self, places: Floats) -> None:
        frame = self._heartbeat.frame
        if len(places) != len(frame.probe_set.pictures):  # another dataset was loaded meanwhile
            self._method.value = PCA
            return
        self._embedded = (frame.step, places)
        self.view.push(replace(frame, points=places, explained_variance=np.nan))
        self._message.object = f"{self._method.value}: neighbours stay neighbours."

    def _show_error(self, sentence: str) -> None:
        self._method.value = PCA
        self._message.object = escape(sentence)

    @staticmethod
    def _variance_sentence(frame: ImageFrame) -> str:
        return f"The plane explains {frame.explained_variance:.0%} of the variance."
