"""Precision, recall and F1 against scikit-learn's; errors of values; and where both are shown."""

from __future__ import annotations

import math
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    mean_absolute_error,
    precision_recall_fscore_support,
    r2_score,
    root_mean_squared_error,
)

from playground.pages.controls.tabs.confusion_tab import ERROR_COLUMNS, score_html
from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.training.core.metrics import CLASS_METRICS, ClassScores
from playground.training.score_table import score_table
from tests.support.training.dense_frames import make_frame
from tests.support.training.image_trainers import make_image_trainer
from tests.support.widgets import text

pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

CONFUSIONS = {
    "two classes": [[30, 4], [7, 9]],
    "never predicted": [[5, 0, 2], [3, 0, 1], [0, 0, 6]],
    "without samples": [[5, 2, 2], [0, 0, 0], [1, 3, 6]],
    "neither": [[5, 0, 1], [0, 0, 0], [2, 0, 3]],
    "all right": [[4, 0], [0, 9]],
}


@pytest.mark.parametrize("name", CONFUSIONS)
def test_they_are_those_of_scikit_learn(name: str) -> None:
    confusion = np.array(CONFUSIONS[name])
    true, predicted = np.indices(confusion.shape).reshape(2, -1).repeat(confusion.ravel(), axis=1)
    expected = precision_recall_fscore_support(
        true, predicted, labels=range(len(confusion)), zero_division=np.nan
    )
    scores = ClassScores.of(confusion)
    columns = *scores.metrics.values(), scores.samples
    for mine, theirs in zip(columns, expected, strict=True):
        np.testing.assert_allclose(mine, theirs)
    macro = np.nanmean(expected[2])
    assert scores.mean("F1") == pytest.approx(macro)


def test_there_are_none_without_classes() -> None:
    scores = ClassScores.of(np.zeros((0, 0), np.int64))
    assert len(scores.metrics["F1"]) == 0
    assert math.isnan(scores.mean("F1"))


class Cells(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data: str) -> None:
        self.rows[-1].append(data)


def test_the_table_shows_each_class_and_the_mean() -> None:
    frame = make_frame(confusion=np.array([[8, 2], [0, 0]]))
    head, *rows = Cells(score_html(frame)).rows
    assert head == ["class", *CLASS_METRICS, "samples"]
    assert rows == [
        ["orange", "100%", "80%", "88.8%", "10"],
        ["blue", "0%", "–", "0%", "0"],
        ["mean", "50%", "80%", "44.4%", "10"],
    ]


def test_values_have_errors_instead() -> None:
    page = PointsPage(shape="plane")
    page.trainer.train(5)
    frame = page.trainer.frame()
    split = frame.samples
    head, *rows = Cells(score_html(frame)).rows
    assert tuple(head) == ERROR_COLUMNS
    table = page.scores
    for name, part, row in zip(("training", "test"), (split.train, split.test), rows, strict=True):
        values = page.predict(part.x)[:, 0]
        expected = [
            mean_absolute_error(part.y, values),
            root_mean_squared_error(part.y, values),
            r2_score(part.y, values),
        ]
        np.testing.assert_allclose(table.loc[name], expected, rtol=1e-4)
        assert row[0] == name
        np.testing.assert_allclose([*map(float, row[1:])], expected, atol=0.006)


@pytest.mark.parametrize("settings", [{}, {"shape": "blobs", "classes_count": 4}])
def test_the_tab_follows_the_network(settings: dict[str, Any]) -> None:
    page = PointsPage(**settings)
    frame = page.trainer.train(5)
    page._details.update(frame)
    tab = page._details._confusion
    assert Cells(text(tab)).rows[1:-1] == [
        [name, *row[1:]]
        for name, row in zip(frame.classes, Cells(score_html(frame)).rows[1:], strict=False)
    ]
    assert tab._matrix.visible
    page.problem.shape = "plane"
    page._details.update(page.trainer.frame())
    assert not tab._matrix.visible
    assert "R²" in text(tab)


def test_the_table_of_a_notebook() -> None:
    page = GatesPage(gate="AND")
    assert [*page.scores.columns] == ["precision", "recall", "F1", "samples"]
    assert page.scores.samples.tolist() == [3, 1]
    frame = make_image_trainer().train(1)
    table = score_table(frame)
    assert [*table.index] == [*"0123456789"]
    np.testing.assert_allclose(table.recall, frame.class_scores.metrics["recall"])
