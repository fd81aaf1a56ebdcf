"""The card of details about the network in training."""

from __future__ import annotations

import panel as pn

from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.tabs.confusion_tab import ScoresTable
from playground.pages.controls.tabs.tab_card import tab_card
from playground.pages.digits.training.embedding_tab import EmbeddingTab
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.part import Part
from playground.training.images import ImageFrame
from playground.views.confusion import confusion
from playground.views.images.architecture_diagram import architecture_diagram
from playground.views.images.gallery import mistakes, samples, training_samples
from playground.views.live_view import LiveView
from playground.views.theme import Theme

ORDER = ("Confusion", "Classes", "Samples", "Mistakes", "Map", "Layers", "Inputs", "Compare")
NO_MISTAKES = "The most confident mistakes show here once an epoch has ended."


class ImageDetailsCard(Part):
    """Tabs about test results, single pictures, the embedding, the layers and the inputs.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    compare : CompareTab
        Compares two checkpoints of the run.

    Attributes
    ----------
    views : tuple of LiveView
    confusion, layers : LiveView
        Two of them.
    open : OpenTab
        The open tab.
    """

    def __init__(self, heartbeat: ImageHeartbeat, theme: Theme, compare: CompareTab) -> None:
        super().__init__()
        frame = heartbeat.frame
        self._embedding, self._compare = EmbeddingTab(heartbeat, theme), compare
        views = {
            "Confusion": confusion(frame, theme),
            "Samples": samples(frame, theme),
            "Mistakes": mistakes(frame, theme),
            "Layers": architecture_diagram(frame, theme),
            "Inputs": training_samples(frame, theme),
        }
        self._frame_views = tuple(views.values())
        self.confusion, self.layers = views["Confusion"], views["Layers"]
        self.views: tuple[LiveView, ...] = (
            *self._frame_views,
            self._embedding.view,
            *compare.views,
        )
        self._no_mistakes = LiveHTML(NO_MISTAKES, css_classes=["pg-reading"], margin=0)
        plots = {name: plot_tab(view) for name, view in views.items()}
        plots["Mistakes"].insert(0, self._no_mistakes)
        self._scores = ScoresTable(frame)
        own = {"Classes": self._scores, "Map": self._embedding, "Compare": compare}
        tabs: dict[str, Part | pn.Column] = {**plots, **own}
        self._card, self.open = tab_card({name: tabs[name] for name in ORDER}, "details")
        self.update(frame)

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: ImageFrame) -> None:
        """Show a newer frame."""
        for view in self._frame_views:
            view.push(frame)
        self._embedding.update(frame)
        self._scores.update(frame)
        self._compare.update(frame)
        self._no_mistakes.visible = not len(frame.mistakes.labels)


def plot_tab(view: LiveView) -> pn.Column:
    """Return a view that fills the tab."""
    pane = view.pane(css_classes=["pg-plot"])
    return pn.Column(pane, css_classes=["pg-tab-plot"], sizing_mode="stretch_both", margin=0)
