"""The remarks over the diagram stand beside what they are about, or nowhere."""

from __future__ import annotations

import pytest

from playground.pages.cards.callouts import ABOUT_LINKS, ABOUT_UNITS, Callouts
from playground.views.diagram.diagram_layout import compute_layout
from tests.support.training.dense_frames import make_frame

NINE = ("x", "y", "x^2", "y^2", "xy", "sin x", "sin y", "cos x", "cos y")


@pytest.mark.parametrize(
    ("taken", "hidden", "shown"),
    [
        (("x", "y", "sin x", "sin y"), (5, 4), [ABOUT_UNITS, ABOUT_LINKS]),
        (("x", "y"), (5, 4), [ABOUT_UNITS]),  # whose links begin far above
        (("x", "y"), (), []),
    ],
)
def test_a_remark_is_shown_where_what_it_is_about_is_near(
    taken: tuple[str, ...], hidden: tuple[int, ...], shown: list[str]
) -> None:
    callouts = Callouts()
    layout = compute_layout(
        (len(taken), *hidden, 1), (600, 520), tuple(each in taken for each in NINE), open_end=True
    )
    callouts.place(layout, make_frame(hidden=hidden, features=taken))
    column = callouts.__panel__()
    found = [
        text
        for each, text in zip(column, (ABOUT_UNITS, ABOUT_LINKS), strict=True)
        if column.visible and each.styles["display"] == "block" and text in each.object
    ]
    assert found == shown
    callouts.dismiss_units()
    callouts.dismiss_links()
    callouts.place(layout, make_frame(hidden=hidden, features=taken))
    assert all(each.styles.get("display") != "block" for each in column)
