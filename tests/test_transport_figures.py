"""The numbers in the header."""

from __future__ import annotations

import pytest

from playground.pages.shell.transport import format_percent


@pytest.mark.parametrize(
    ("share", "text"),
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
def test_only_all_is_100_percent(share: float, text: str) -> None:
    assert format_percent(share) == text
