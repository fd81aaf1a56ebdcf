"""Playground: see neural networks learn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.pages.gates import GatesPage as Gates
    from playground.pages.points import PointsPage as Points

__all__ = ["Gates", "Points"]

# Loaded when first asked for: the domain can be used without Panel and HoloViews.
_PAGES = {"Gates": ("gates", "GatesPage"), "Points": ("points", "PointsPage")}


def __getattr__(name: str) -> object:
    if name not in _PAGES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, page = _PAGES[name]
    return getattr(import_module(f"playground.pages.{module}"), page)
