"""A tab of files to download: a snapshot of the page, a report, weights, ONNX, a table."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import panel as pn

from playground.export.onnx import onnx_unavailable_reason, to_onnx
from playground.export.report import report
from playground.export.weight_files import to_safetensors, weights_to_json
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.runs.drawer.file_export import FileExport, export_button
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer
from playground.training.sweeps import SweepTrainer

MakeSnapshot = Callable[[], str | bytes]
ABOUT_ONNX = "The network for other programs, including the scaling of its inputs."


class FilesTab(Part):
    """Buttons that export a trainer as it is when they are clicked.

    Parameters
    ----------
    trainer : Trainer, ImageTrainer or SweepTrainer
    snapshot : callable, optional
        Returns the page as one HTML file; called in a worker thread. None: no snapshot is offered.
    """

    def __init__(
        self,
        trainer: Trainer | ImageTrainer | SweepTrainer,
        snapshot: MakeSnapshot | None = None,
    ) -> None:
        super().__init__()
        self._message = LiveHTML("", margin=0, visible=False)
        parts = (
            [*self._section("Table", "All networks with all figures.", table_exports(trainer))]
            if isinstance(trainer, SweepTrainer)
            else self._parts_of_one(trainer)
        )
        if snapshot is not None:
            page = (FileExport("Snapshot", "snapshot.html", snapshot),)
            parts = [
                *self._section("Snapshot", "This page as a file without a server.", page),
                *parts,
            ]
        self._column = pn.Column(
            self._message, *parts, css_classes=["pg-tab"], margin=0, sizing_mode="stretch_width"
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def _parts_of_one(self, trainer: Trainer | ImageTrainer) -> list[pn.viewable.Viewable]:
        """Return the files of one network."""
        return [
            *self._section(
                "Report", "What was learned, how, and with which scores.", report_exports(trainer)
            ),
            *self._section("Weights", "All parameters of the network.", weight_exports(trainer)),
            *self._section(
                "ONNX",
                onnx_unavailable_reason() or ABOUT_ONNX,
                onnx_exports(trainer),
                onnx_unavailable_reason() is not None,
            ),
        ]

    def _section(
        self, title: str, about: str, exports: tuple[FileExport, ...], disabled: bool = False
    ) -> tuple[pn.viewable.Viewable, ...]:
        """A heading, a sentence, and the buttons."""
        heading = f"<h3>{title}</h3><p>{escape(about)}</p>"
        buttons = [export_button(export, self._message) for export in exports]
        for button in buttons:
            button.disabled = disabled
        return (
            LiveHTML(heading, css_classes=["pg-about"], margin=0),
            pn.Row(*buttons, css_classes=["pg-switches"], margin=0),
        )


def table_exports(trainer: SweepTrainer) -> tuple[FileExport, ...]:
    """The table of all runs of a sweep."""
    return (FileExport("CSV", "runs.csv", lambda: trainer.table().to_csv(index=False)),)


def report_exports(trainer: Trainer | ImageTrainer) -> tuple[FileExport, ...]:
    """A report in two formats."""
    return (
        FileExport("Report as HTML", "report.html", lambda: report(trainer).html),
        FileExport("Report as Markdown", "report.md", lambda: report(trainer).markdown),
    )


def weight_exports(trainer: Trainer | ImageTrainer) -> tuple[FileExport, ...]:
    """The weights in two formats."""
    return (
        FileExport("safetensors", "network.safetensors", lambda: to_safetensors(trainer)),
        FileExport("JSON", "network.json", lambda: weights_to_json(trainer)),
    )


def onnx_exports(trainer: Trainer | ImageTrainer) -> tuple[FileExport, ...]:
    """The network as an ONNX file."""
    return (FileExport("ONNX", "network.onnx", lambda: to_onnx(trainer)),)
