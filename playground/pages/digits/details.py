"""What else there is to know about a reader, one tab each."""

from __future__ import annotations

import panel as pn

from playground.pages.digits.map_tab import MapTab
from playground.pages.digits.progress import ReaderBeat
from playground.pages.part import Part
from playground.pages.past.compare import CompareTab
from playground.pages.tab_card import tab_card
from playground.pages.words import Words
from playground.training.digits import ReaderFrame
from playground.views.confusion import confusion
from playground.views.digits.architecture import architecture
from playground.views.digits.gallery import learned_from, mistakes, samples
from playground.views.digits.per_class import per_class
from playground.views.live import LiveView
from playground.views.theme import Theme

ORDER = ("Confusion", "Classes", "Samples", "Mistakes", "Map", "Layers", "Inputs", "Compare")
NO_MISTAKES = "What it gets most confidently wrong shows here once an epoch has ended."


class ReaderDetails(Part):
    """Tabs about how well it reads, what it makes of pictures, and what it is made of.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    compare : CompareTab
        Two moments of the run.

    Attributes
    ----------
    views : tuple of LiveView
    open : OpenTab
        Which of the tabs is seen.
    """

    def __init__(self, heartbeat: ReaderBeat, theme: Theme, compare: CompareTab) -> None:
        super().__init__()
        frame = heartbeat.frame
        self._map, self._compare = MapTab(heartbeat, theme), compare
        views = {
            "Confusion": confusion(frame, theme),
            "Classes": per_class(frame, theme),
            "Samples": samples(frame, theme),
            "Mistakes": mistakes(frame, theme),
            "Layers": architecture(frame, theme),
            "Inputs": learned_from(frame, theme),
        }
        self._followers = tuple(views.values())
        self.views: tuple[LiveView, ...] = (*self._followers, self._map.view, *compare.views)
        self._none = Words(NO_MISTAKES, css_classes=["pg-reading"], margin=0)
        plots = {name: plot(view) for name, view in views.items()}
        plots["Mistakes"].insert(0, self._none)
        tabs: dict[str, Part | pn.Column] = {**plots, "Map": self._map, "Compare": compare}
        self._card, self.open = tab_card({name: tabs[name] for name in ORDER}, "details")
        self.follow(frame)

    def __panel__(self) -> pn.Column:
        return self._card

    def follow(self, frame: ReaderFrame) -> None:
        """Show a newer frame."""
        for view in self._followers:
            view.push(frame)
        self._map.follow(frame)
        self._compare.follow(frame)
        self._none.visible = not len(frame.mistakes.labels)


def plot(view: LiveView) -> pn.Column:
    """A view that fills what room there is."""
    pane = view.pane(css_classes=["pg-plot"])
    return pn.Column(pane, css_classes=["pg-tab-plot"], sizing_mode="stretch_both", margin=0)
