"""The remarks over the diagram stand beside what they are about, or nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from playground.pages.cards.callouts import ABOUT_LINKS, ABOUT_UNITS, APART, LIFT, TIP, Callouts
from playground.views.diagram.diagram_layout import compute_layout
from playground.views.diagram.hit_testing import hit_test
from playground.views.diagram.refs import LinkRef
from tests.support.training.dense_frames import make_frame

NINE = ("x", "y", "x^2", "y^2", "xy", "sin x", "sin y", "cos x", "cos y")


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ((4,), [ABOUT_UNITS, ABOUT_LINKS]),
        ((3, 2), [ABOUT_UNITS, ABOUT_LINKS]),
        ((16, 16), []),  # between whose links there is no room
        ((), []),
    ],
)
def test_a_remark_points_at_what_it_is_about_or_is_not_shown(
    hidden: tuple[int, ...], shown: list[tuple[str, ...]]
) -> None:
    callouts = Callouts()
    layout = compute_layout(
        (2, *hidden, 1), (620, 520), tuple(each in ("x", "y") for each in NINE), open_end=True
    )
    frame = make_frame(hidden=hidden, regression=True)  # with one output
    callouts.place(layout, frame)
    column = callouts.__panel__()
    found = {
        lines: each
        for each, lines in zip(column, (ABOUT_UNITS, ABOUT_LINKS), strict=False)
        if column.visible and each.styles["display"].endswith(", block)")
    }
    assert [*found] == shown
    if ABOUT_LINKS in found:
        remark = found[ABOUT_LINKS]
        across, down = (float(remark.styles[side][:-2]) for side in ("left", "top"))
        inwards = -TIP[0] if "pg-mirrored" in remark.css_classes else TIP[0]
        tip = (across + inwards, -down - LIFT + TIP[1] + APART)
        link = hit_test(layout, frame, *tip)
        assert isinstance(link, LinkRef)
        weights = np.abs(frame.layers[link.layer].weight)
        assert weights[link.unit, link.source] >= weights.max() / 2


def test_remarks_that_were_used_stay_away_until_help_is_asked_for() -> None:
    callouts = Callouts()
    callouts.dismiss_links()
    callouts.dismiss_units()
    callouts.dismiss_units()
    assert callouts.used.used == ["links", "units"]
    assert not callouts.used.receive({"again": False})
    assert callouts.used.receive({"again": True})
    assert callouts.used.used == []
