"""The table of all pretrained models, which is shown in the README."""

from __future__ import annotations

from pathlib import Path

from playground.networks.classifiers import CLASSIFIERS
from playground.networks.pretrained.load import PRETRAINED_FOLDER, model_card, names

_HEAD = (
    "| model | parameters | MNIST test | unseen synthetic handwriting | trained in | made by |\n"
    "|---|---|---|---|---|---|"
)


def model_table(folder: Path = PRETRAINED_FOLDER) -> str:
    """Return a Markdown table with one row for each model, without a line break at the end."""
    return "\n".join([_HEAD, *(_row(name, folder) for name in names(folder))])


def _row(name: str, folder: Path) -> str:
    entry = model_card(name, folder)
    duration = f"{entry.seconds / 60:.1f} min" if entry.seconds >= 60 else f"{entry.seconds:.0f} s"
    return (
        f"| {CLASSIFIERS[name].label} (`{name}`) | {entry.parameters:,} | {entry.accuracy:.2%} "
        f"| {entry.hands_accuracy:.2%} | {duration} | `{entry.command}` |"
    )
