"""The numbers in the header."""

from __future__ import annotations

import pytest

from playground.pages.transport import percent


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0%"),
        (0.5, "50%"),
        (0.57, "57%"),
        (0.995, "99.5%"),
        (0.99999, "99.9%"),
        (1.0, "100%"),
        (float("nan"), "–"),
    ],
)
def test_all_is_said_only_of_all(share: float, written: str) -> None:
    assert percent(share) == written
