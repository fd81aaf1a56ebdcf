"""A tab of files to take away: weights, ONNX, a report, a page that needs no server."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import panel as pn

from playground.export.onnx import onnx_of, why_not
from playground.export.report import report
from playground.export.weights import json_of, safetensors_of
from playground.pages.keep.offer import Offer, download
from playground.pages.part import Part
from playground.pages.words import Words
from playground.training.digits import DigitTrainer
from playground.training.trainer import Trainer

Snapshot = Callable[[], str | bytes]
ABOUT_ONNX = "The network as other programs can run it, preparation included."


class TakeTab(Part):
    """Files made of a trainer as it is at the moment of a click.

    Parameters
    ----------
    trainer : Trainer or DigitTrainer
    snapshot : callable, optional
        Gives the page as one HTML file; called in a worker thread. Without it none is offered.
    """

    def __init__(self, trainer: Trainer | DigitTrainer, snapshot: Snapshot | None = None) -> None:
        super().__init__()
        self._said = Words("", margin=0, visible=False)
        parts = [
            *self._part("Report", "What was learned, how, and how well.", reports(trainer)),
            *self._part("Weights", "Every number that was learned.", weights(trainer)),
            *self._part("ONNX", why_not() or ABOUT_ONNX, networks(trainer), why_not() is not None),
        ]
        if snapshot is not None:
            page = (Offer("Snapshot", "snapshot.html", snapshot),)
            parts = [*self._part("Snapshot", "This page as a file without a server.", page), *parts]
        self._column = pn.Column(
            self._said, *parts, css_classes=["pg-tab"], margin=0, sizing_mode="stretch_width"
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def _part(
        self, title: str, about: str, offers: tuple[Offer, ...], missing: bool = False
    ) -> tuple[pn.viewable.Viewable, ...]:
        """A heading, a sentence, and the buttons."""
        heading = f"<h3>{title}</h3><p>{escape(about)}</p>"
        buttons = [download(offer, self._said) for offer in offers]
        for button in buttons:
            button.disabled = missing
        return (
            Words(heading, css_classes=["pg-about"], margin=0),
            pn.Row(*buttons, css_classes=["pg-switches"], margin=0),
        )


def reports(trainer: Trainer | DigitTrainer) -> tuple[Offer, ...]:
    """A report in two formats."""
    return (
        Offer("Report as HTML", "report.html", lambda: report(trainer).html),
        Offer("Report as Markdown", "report.md", lambda: report(trainer).markdown),
    )


def weights(trainer: Trainer | DigitTrainer) -> tuple[Offer, ...]:
    """The weights in two formats."""
    return (
        Offer("safetensors", "network.safetensors", lambda: safetensors_of(trainer.model)),
        Offer("JSON", "network.json", lambda: json_of(trainer.model)),
    )


def networks(trainer: Trainer | DigitTrainer) -> tuple[Offer, ...]:
    """The network as a file that others can run."""
    return (Offer("ONNX", "network.onnx", lambda: onnx_of(trainer)),)
