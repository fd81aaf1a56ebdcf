"""Scores of a frame as a table of pandas, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.training.dense.frame import Frame
from playground.training.images import ImageFrame

if TYPE_CHECKING:
    import pandas as pd


def score_table(frame: Frame | ImageFrame) -> pd.DataFrame:
    """Return the `CLASS_METRICS` and the number of samples of each class.

    They are of the samples of the confusion matrix. Of a regression, the table holds errors on
    training and test samples, in the units of the target: MAE, RMSE and R².
    """
    # pandas is slow to import, and nothing else on the way to a page of points needs it.
    import pandas as pd

    if isinstance(frame, Frame) and frame.errors is not None:
        rows = [(each.mean_absolute, each.root_mean_square, each.r2) for each in frame.errors]
        return pd.DataFrame(rows, index=["training", "test"], columns=["MAE", "RMSE", "R²"])
    scores = frame.class_scores
    columns = {**scores.metrics, "samples": scores.samples}
    return pd.DataFrame(columns, index=pd.Index(frame.classes, name="class"))
