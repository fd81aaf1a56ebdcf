"""The confusion matrix, and precision, recall and F1 by class, or errors of values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

import panel as pn

from playground.number_text import MISSING, format_percent
from playground.pages.controls.changed_values import set_changed
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.core.metrics import ClassScores
from playground.training.dense.frame import Frame
from playground.training.images import ImageFrame
from playground.views.live_view import LiveView

ERROR_COLUMNS = ("errors on", "MAE", "RMSE", "R²")
LEAST_HEIGHT, ROW_HEIGHT, SCORES_HEIGHT = 130, 20, 22
"""Pixels that the matrix has at least, and for each class; and of a row of the table below it."""


class ScoresTable(Part):
    """Precision, recall and F1 of each class, of a regression its errors.

    Parameters
    ----------
    frame : Frame or ImageFrame
    """

    def __init__(self, frame: Frame | ImageFrame) -> None:
        super().__init__()
        self._table = LiveHTML(score_html(frame), css_classes=["pg-summary", "pg-scores"], margin=0)

    def __panel__(self) -> LiveHTML:
        return self._table

    def update(self, frame: Frame | ImageFrame) -> None:
        """Show the scores of a newer frame."""
        set_changed(self._table, object=score_html(frame))


class ConfusionTab(Part):
    """The confusion matrix, and below it the scores of each class; of a regression its errors.

    Parameters
    ----------
    frame : Frame
    view : LiveView
        The matrix; whoever made it updates it.

    Attributes
    ----------
    height : int
        Pixels in which all of it is seen.
    """

    height: int

    def __init__(self, frame: Frame, view: LiveView) -> None:
        super().__init__()
        # Of a HoloViews pane itself Panel can't change whether it is visible.
        self._matrix = pn.Column(
            view.pane(css_classes=["pg-plot"]),
            css_classes=["pg-plot"],
            sizing_mode="stretch_both",
            margin=0,
        )
        self._table = ScoresTable(frame)
        self._column = pn.Column(
            self._matrix,
            self._table,
            css_classes=["pg-tab-plot", "pg-confusion"],
            sizing_mode="stretch_both",
            margin=0,
        )
        self.update(frame)

    def __panel__(self) -> pn.Column:
        return self._column

    def update(self, frame: Frame) -> None:
        """Show the scores of a newer frame."""
        classes = len(frame.classes)
        set_changed(self._matrix, visible=bool(classes))
        matrix = max(LEAST_HEIGHT, ROW_HEIGHT * classes)
        set_changed(self._column, styles={"--pg-matrix": f"{matrix}px"})
        self._table.update(frame)
        self.height = matrix + SCORES_HEIGHT * (classes + 2)


def score_html(frame: Frame | ImageFrame) -> str:
    """Return the table of a frame as HTML."""
    if isinstance(frame, Frame) and frame.errors is not None:
        return _table(ERROR_COLUMNS, _error_rows(frame))
    scores = frame.class_scores
    return _table(("class", *scores.metrics, "samples"), _class_rows(frame.classes, scores))


def _class_rows(classes: tuple[str, ...], scores: ClassScores) -> Iterable[Sequence[str]]:
    for number, name in enumerate(classes):
        shares = (format_percent(float(column[number])) for column in scores.metrics.values())
        yield (name, *shares, f"{scores.samples[number]:,}")
    if len(classes):
        means = map(format_percent, map(scores.mean, scores.metrics))
        yield ("mean", *means, f"{scores.samples.sum():,}")


def _error_rows(frame: Frame) -> Iterable[Sequence[str]]:
    write = frame.preprocessing.targets.format
    for name, each in zip(("training", "test"), frame.errors or (), strict=True):
        if math.isnan(each.mean_absolute):
            continue
        r2 = MISSING if math.isnan(each.r2) else f"{each.r2:.3f}"
        yield (name, write(each.mean_absolute), write(each.root_mean_square), r2)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(each)}</th>" for each in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{cells}</tr>{body}</table>"
