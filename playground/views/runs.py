"""Loss or accuracy of several runs in one figure: a colour for each, test samples dashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import holoviews as hv
import numpy as np

from playground.training.frame import Curves, Score
from playground.views import ticks
from playground.views.curves import BY_EPOCH
from playground.views.figure import FONT, TOOLTIP, compose, span
from playground.views.live import Columns, LiveView, Properties
from playground.views.quantities import ACCURACY, LOSS, Quantity, epochs, heights, measured, scaled
from playground.views.theme import LIGHT, Theme

MOST = len(LIGHT.classes)
"""Runs that can be told apart by colour."""
QUANTITIES = {"Loss": LOSS, "Accuracy": ACCURACY}
VALUES = ["value", "measured", "run"]
NOTHING = Score(np.nan, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One run to be compared with others."""

    name: str
    curves: Curves


Sight = Mapping[int, Shown]
"""Runs by the number of their colour, 0 to below `MOST`."""


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """The curves of several runs as those of one, for the axes to have room for all."""

    curves: Curves
    epoch: float = 0.0
    train: Score = NOTHING
    test: Score = NOTHING


def run_curves(runs: Sight, theme: Theme) -> LiveView:
    """Curves of several runs. Choices: `quantity` (a name in `QUANTITIES`) and `log` (bool)."""
    return LiveView(draw, columns, runs, theme, properties=properties, quantity="Loss", log=False)


def draw(runs: Sight, theme: Theme, quantity: str, log: bool) -> hv.Overlay:
    """Declare two curves for each colour, the test samples' below the training samples'."""
    lines = columns(runs, theme, quantity, log)
    curves = [
        hv.Curve(tuple(line.values()), "epoch", VALUES).opts(
            line_width=2,
            line_dash="solid" if number % 2 else [5, 3],
            tools=["hover"],
            hover_tooltips=tooltip(),
        )
        for number, line in enumerate(lines)
    ]
    return compose(
        *curves,
        **BY_EPOCH,
    )


def tooltip() -> str:
    """What the hover tool says of a place on a curve."""
    parts = ("<b>@run</b>", "epoch @epoch{0,0.[00]}", "@measured{0.0000}")
    return TOOLTIP.format(font=FONT, body="<br>".join(parts))


def columns(runs: Sight, theme: Theme, quantity: str, log: bool) -> list[Columns]:
    """Columns of the test and the training samples' curve for each colour."""
    kind, nothing = QUANTITIES[quantity], Shown("", together({}).curves)
    shown = [runs.get(number, nothing) for number in range(MOST)]
    return [column for run in shown for column in _pair(kind, run, log)]


def properties(runs: Sight, theme: Theme, quantity: str, log: bool) -> Properties:
    """Ranges, ticks and colours."""
    kind, all_runs = QUANTITIES[quantity], together(runs)
    log = log and kind.falls
    across, up = epochs(all_runs), heights(kind, all_runs, log)
    written = ticks.logarithmic(*up) if log else ticks.linear(*up)
    if not kind.falls:
        written = {place: f"{place:.0%}" for place in written}
    return {
        **span("x", *across),
        **span("y", *up),
        **ticks.axis("xaxis", ticks.linear(*across)),
        **ticks.axis("yaxis", written),
        "0.plot.ygrid.grid_line_color": theme.line,
        **{
            f"{element}.glyph.line_color": theme.classes[element // 2]
            for element in range(2 * MOST)
        },
    }


def together(runs: Sight) -> Together:
    """All rows of all runs, by epoch."""
    rows = [
        np.stack([getattr(run.curves, each.name) for each in fields(Curves)])
        for run in runs.values()
    ]
    columns = np.concatenate([np.empty((len(fields(Curves)), 0), np.float32), *rows], axis=1)
    return Together(Curves(*columns[:, np.argsort(columns[0], kind="stable")]))


def _pair(quantity: Quantity, run: Shown, log: bool) -> list[Columns]:
    train, test = measured(quantity, Together(run.curves))
    name = np.full(len(run.curves.epoch), run.name)
    return [
        {
            "epoch": run.curves.epoch,
            "value": scaled(line, log and quantity.falls),
            "measured": line,
            "run": name,
        }
        for line in (test, train)
    ]
