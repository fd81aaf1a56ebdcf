"""The open tab of a card as a setting, by title instead of number."""

from __future__ import annotations

from collections.abc import Iterable

import panel as pn
import param


class OpenTab(param.Parameterized):
    """The title of the open tab, linked both ways with the tabs.

    Parameters
    ----------
    tabs : Tabs
    titles : iterable of str
        Titles of the tabs, in their order.
    """

    tab: param.Selector[str] = param.Selector(
        default=None, objects=[], doc="Title of the open tab."
    )

    def __init__(self, tabs: pn.Tabs, titles: Iterable[str]) -> None:
        super().__init__()
        self._tabs = tabs
        self._titles = [*titles]
        self.param.tab.objects = self._titles
        self.tab = self._titles[tabs.active]
        tabs.param.watch(self._on_tab_changed, "active")

    def _on_tab_changed(self, event: param.parameterized.Event) -> None:
        self.tab = self._titles[event.new]

    @param.depends("tab", watch=True)
    def _activate(self) -> None:
        self._tabs.active = self._titles.index(self.tab)
