"""Names of features and classes beside the tiles of the diagram."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.views.name_fitting import ELLIPSIS, fit_names, text_width

IRISES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


@pytest.mark.parametrize(
    ("names", "room", "lines", "fitted"),
    [
        (("x", "sin x"), 54, 1, ["x", "sin x"]),
        (IRISES[:2], 54, 3, ["sepal\nlength\n(cm)", "sepal\nwidth\n(cm)"]),
        (IRISES[:2], 54, 2, ["sepal\nlengt…", "sepal\nwidth…"]),
        (IRISES, 54, 1, ["sepal…"] * 2 + ["petal…"] * 2),
        (("radius_worst", "radius_best"), 54, 2, ["radius_\nworst", "radius_\nbest"]),
        (("petalLength", "petalWidth"), 54, 2, ["petal\nLength", "petal\nWidth"]),
        (("Einwohnerzahl", "Einwohnerdichte"), 54, 3, ["…rzahl", "…ichte"]),
        (("colour=red", "colour=tan"), 54, 1, ["…r=red", "…r=tan"]),
        (("setosa", "versicolor"), 50, 3, ["setosa", "versi…"]),
    ],
)
def test_names_are_wrapped_and_told_apart(
    names: tuple[str, ...], room: float, lines: int, fitted: list[str]
) -> None:
    assert fit_names(names, room, lines) == fitted


@given(st.lists(st.text(max_size=40), max_size=6), st.floats(30, 90), st.integers(1, 3))
def test_any_names_fit(names: list[str], room: float, lines: int) -> None:
    for name, text in zip(names, fit_names(names, room, lines), strict=True):
        assert text.count("\n") < lines or text == name
        assert all(text_width(line) <= room for line in text.split("\n") if text != name)
        if ELLIPSIS not in text and text != name:
            assert "".join(text.split()) == "".join(name.split())
