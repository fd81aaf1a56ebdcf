"""Numbers as text."""

from __future__ import annotations

import numpy as np
import pytest

from playground.number_text import format_loss, format_percent, time_left
from tests.support.each_case import in_turn


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.5, "50%"),
        (0.57, "57%"),
        (float(np.float32(0.7)), "70%"),
        (float(np.float32(0.001)), "0.1%"),
        (0.6999, "69.9%"),
        (0.995, "99.5%"),
        (0.99999, "99.9%"),
        (1 - 1e-6, "99.9%"),
        (1.0, "100%"),
        (float("nan"), "–"),
        (float("inf"), "–"),
    ],
)
def test_only_all_is_100_percent(share: float, text: str) -> None:
    assert format_percent(share) == text


def test_a_percentage_may_have_more_decimals() -> None:
    assert format_percent(0.97456, 2) == "97.45%"


@pytest.mark.parametrize(
    ("loss", "text"),
    [(0.693, "0.693"), (0.03, "0.0300"), (8.64e-5, "8.64e-05"), (2.309, "2.31"), (123.4, "123")],
)
def test_a_loss_has_three_significant_digits(loss: float, text: str) -> None:
    assert format_loss(loss) == text
    assert format_loss(float("nan")) == "–"


@in_turn(
    "seconds, text",
    [
        (float("nan"), ""),
        (float("inf"), ""),
        (3.4, "3 s left"),
        (99, "99 s left"),
        (100, "2 min left"),
        (5990, "100 min left"),
        (6000, "2 h left"),
    ],
)
def test_what_is_left_is_told_in_the_unit_of_its_length(seconds: float, text: str) -> None:
    assert time_left(seconds) == text
