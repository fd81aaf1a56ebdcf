"""Parts of a snapshot in HTML: settings, scores, the confusion matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
import numpy.typing as npt
import param

from playground.number_text import format_percent
from playground.training.core.frame_protocols import HasScores
from playground.training.training import Training

Row = tuple[str, str]
HEADER_NUMBERS = {
    "epoch": "epoch",
    "train-loss": "train loss",
    "test-loss": "test loss",
    "train-accuracy": "train acc.",
    "test-accuracy": "test acc.",
}
"""Labels of the numbers in the header, by their ids."""
OMITTED_SETTINGS = frozenset({"name", "classes_count", "engine", "horizontal", "vertical"})
"""Parameters that do not describe the result."""
ABOUT_CLASSES = frozenset({"class_weights", "stratify"})
"""Parameters without effect where values are learned."""


def setting_rows(*owners: param.Parameterized, has_classes: bool = True) -> Iterator[Row]:
    """Label and value of all parameters in use that are numbers, texts or Booleans."""
    for owner in owners:
        omitted = OMITTED_SETTINGS if has_classes else OMITTED_SETTINGS | ABOUT_CLASSES
        if isinstance(owner, Training):
            omitted |= owner.without_effect
        for name, parameter in owner.param.objects("existing").items():
            value = getattr(owner, name)
            if name not in omitted and isinstance(value, str | int | float) and value != "":
                yield str(parameter.label), _format_value(value)


def _format_value(value: str | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"


def definition_list(rows: Iterator[Row] | list[Row]) -> str:
    """Render names and values as a list."""
    inner = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f"<dl>{inner}</dl>"


def progress_rows(frame: HasScores, epoch: float) -> list[Row]:
    """List the number of epochs and the accuracies, where there are classes."""
    rows = [("Epochs", f"{epoch:,.0f}")]
    for name, score in (("training", frame.train), ("test", frame.test)):
        if score.accuracy == score.accuracy:
            rows.append((f"Accuracy in {name}", format_percent(score.accuracy)))
    return rows


def confusion_table(counts: npt.NDArray[np.int64], classes: Sequence[str]) -> str:
    """Render a confusion matrix, true classes by row and predicted classes by column."""
    head = "".join(f"<th>{escape(name)}</th>" for name in classes)
    totals = counts.sum(axis=1).clip(1)
    rows = [
        f"<tr><th>{escape(name)}</th>{_cells(row, place, totals[place])}</tr>"
        for place, (name, row) in enumerate(zip(classes, counts, strict=True))
    ]
    return f'<table class="confusion"><tr><th></th>{head}</tr>{"".join(rows)}</table>'


def _cells(row: npt.NDArray[np.int64], right: int, total: int) -> str:
    """Render the cells of one true class, coloured by their share."""
    return "".join(
        f'<td class="{"right" if place == right else "wrong"}" '
        f'style="--share: {count / total:.3f}">{count or ""}</td>'
        for place, count in enumerate(row)
    )
