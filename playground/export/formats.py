"""The registry of exports: what pages offer as files, and `playground export` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playground.export.code import script
from playground.export.onnx import onnx_unavailable_reason, to_onnx
from playground.export.report import report
from playground.export.weight_files import to_safetensors, weights_to_json
from playground.training.core.base_trainer import BaseTrainer
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer
from playground.training.sweeps import SweepTrainer

AnyTrainer = BaseTrainer[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format of an export.

    Attributes
    ----------
    suffix : str
        Of its files, as ".html".
    label : str
        Text on its button.
    make : callable
        Returns the content of the file from a trainer; may raise InputError. Pages call it in a
        worker thread.
    """

    suffix: str
    label: str
    make: Callable[[Any], str | bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of file that a trainer can be exported to.

    Attributes
    ----------
    title : str
        Its heading on the page.
    about : str
        A sentence that says what it is for.
    filename : str
        Name, without a suffix, that a browser saves it under.
    trainers : tuple of types
        Kinds of trainers that can be exported to it.
    formats : tuple of ExportFormat
        The first is the default.
    unavailable_reason : callable
        Returns a sentence on missing packages; None if nothing is missing.
    has_own_tab : bool
        Whether the page shows it in a tab of its own instead of in that of files.
    """

    title: str
    about: str
    filename: str
    trainers: tuple[type[AnyTrainer], ...]
    formats: tuple[ExportFormat, ...]
    unavailable_reason: Callable[[], str | None] = lambda: None
    has_own_tab: bool = False

    def takes(self, trainer: AnyTrainer) -> bool:
        """Whether a trainer can be exported to it."""
        return isinstance(trainer, self.trainers)


ONE_NETWORK = (Trainer, ImageTrainer)

EXPORTS: dict[str, Export] = {
    "code": Export(
        "Code",
        "This network and its training as a short Python program. It needs PyTorch but not "
        "Playground, starts with the current settings, and learns the same way.",
        "playground_script",
        ONE_NETWORK,
        (ExportFormat(".py", "Download", script),),
        has_own_tab=True,
    ),
    "report": Export(
        "Report",
        "What was learned, how, and with which scores.",
        "report",
        ONE_NETWORK,
        (
            ExportFormat(".html", "Report as HTML", lambda trainer: report(trainer).html),
            ExportFormat(".md", "Report as Markdown", lambda trainer: report(trainer).markdown),
        ),
    ),
    "weights": Export(
        "Weights",
        "All parameters of the network.",
        "network",
        ONE_NETWORK,
        (
            ExportFormat(".safetensors", "safetensors", to_safetensors),
            ExportFormat(".json", "JSON", weights_to_json),
        ),
    ),
    "onnx": Export(
        "ONNX",
        "The network for other programs, including the scaling of its inputs.",
        "network",
        ONE_NETWORK,
        (ExportFormat(".onnx", "ONNX", to_onnx),),
        onnx_unavailable_reason,
    ),
    "table": Export(
        "Table",
        "All networks with all figures.",
        "runs",
        (SweepTrainer,),
        (ExportFormat(".csv", "CSV", lambda trainer: trainer.table().to_csv(index=False)),),
    ),
}
"""All exports but the snapshot, which is that of a page, by name on the command line."""


def exports_of(
    trainer: AnyTrainer, snapshot: Callable[[], str | bytes] | None = None
) -> Iterator[tuple[str, Export]]:
    """Yield what a trainer can be exported to, with its name.

    Parameters
    ----------
    trainer : BaseTrainer
    snapshot : callable, optional
        Returns the trainer's page as one HTML file. None: there is no page.
    """
    if snapshot is not None:
        yield (
            "snapshot",
            Export(
                "Snapshot",
                "This page as a file without a server.",
                "snapshot",
                (type(trainer),),
                (ExportFormat(".html", "Snapshot", lambda _: snapshot()),),
            ),
        )
    yield from ((name, export) for name, export in EXPORTS.items() if export.takes(trainer))
