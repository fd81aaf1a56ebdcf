"""A card of tabs, each rendered when it is first opened."""

from __future__ import annotations

from collections.abc import Mapping

import panel as pn

from playground.pages.controls.tabs.open_tab import OpenTab


def tab_card(tabs: Mapping[str, object], area: str) -> tuple[pn.Column, OpenTab]:
    """Make a card of tabs, and the setting of which is open.

    Parameters
    ----------
    tabs : mapping of str to panel object
        Contents by title.
    area : str
        Name of the card's place in the style sheet, by which links can hide it.
    """
    tabs_pane = pn.Tabs(*tabs.items(), dynamic=True, sizing_mode="stretch_both", margin=0)
    card = pn.Column(tabs_pane, css_classes=["pg-card", f"pg-{area}"], margin=0, min_width=0)
    return card, OpenTab(tabs_pane, tabs)
