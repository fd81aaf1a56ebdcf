"""Playground: watch neural networks being trained."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.pages.digits.digits_page import DigitsPage as Digits
    from playground.pages.own_data import gates_page as Gates  # noqa: N812 (called like a class)
    from playground.pages.own_data import points_page as Points  # noqa: N812
    from playground.prediction.predict import predict

__all__ = ["Digits", "Gates", "Points", "predict"]

# Imported on first access, so that the rest works without Panel and HoloViews.
_LAZY_EXPORTS = {
    "Digits": ("pages.digits.digits_page", "DigitsPage"),
    "Gates": ("pages.own_data", "gates_page"),
    "Points": ("pages.own_data", "points_page"),
    "predict": ("prediction.predict", "predict"),
}


def __getattr__(name: str) -> object:
    if name not in _LAZY_EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY_EXPORTS[name]
    return getattr(import_module(f"playground.{module}"), attribute)
