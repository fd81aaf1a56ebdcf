"""Playground: see neural networks learn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.pages.digits.digits_page import DigitsPage as Digits
    from playground.pages.gates import GatesPage as Gates
    from playground.pages.points import PointsPage as Points
    from playground.prediction.predict import predict

__all__ = ["Digits", "Gates", "Points", "predict"]

# Loaded when first asked for: the domain can be used without Panel and HoloViews.
_LAZY_EXPORTS = {
    "Digits": ("pages.digits.digits_page", "DigitsPage"),
    "Gates": ("pages.gates", "GatesPage"),
    "Points": ("pages.points", "PointsPage"),
    "predict": ("prediction.predict", "predict"),
}


def __getattr__(name: str) -> object:
    if name not in _LAZY_EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY_EXPORTS[name]
    return getattr(import_module(f"playground.{module}"), attribute)
