"""The heatmap of many runs: one metric of each setting, by the values that vary."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.sweeps import METRICS
from playground.training.sweeps.metrics import SettingValues, grouped_values
from playground.views import ticks
from playground.views.figure import (
    EDGES,
    FONT,
    TOOLTIP_HTML,
    axis_range,
    borders,
    colour_column,
    compose,
    font_property,
    labels_apart,
    rectangles,
)
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.compared_runs import (
    Cells,
    ComparedRuns,
    Selected,
    chosen_runs,
)
from playground.views.theme import STEPS, Indices, Theme, ramp, use_surface_text

GAP = 0.03
"""Width of the gap between cells."""
ROOMY = 8
"""Cells in a row or a column up to which there is room for the range of several seeds."""
MAX_LETTERS = 11
"""Letters of such a range up to which it takes one line."""
MANY = 12
"""Cells in a row from which on their numbers are small, and without the 0 before the point."""
NONE = 0
"""Index into the palette of cells that have no metric."""


def sweep_heatmap(runs: ComparedRuns, theme: Theme) -> LiveView:
    """A cell for each setting, the greener the better; empty where training diverged.

    A cell of several runs, such as the seeds of a setting, shows their median and their range.

    Choices: `metric`, a name of `METRICS`; `moment`, one of `MOMENTS`; `selected`.
    """
    return LiveView(
        draw,
        columns,
        runs,
        theme,
        properties=properties,
        alt=lambda _runs, _theme, **choices: (
            f"Heatmap: {choices['metric']}, {choices['moment']}, of each setting"
        ),
        metric=next(iter(METRICS)),
        moment="last",
        selected=(),
    )


def draw(
    runs: ComparedRuns, theme: Theme, metric: str, moment: str, selected: Selected
) -> hv.Overlay:
    """Declare cells, their numbers, frames of the selected, and areas for the pointer."""
    cells, words, framed, areas = columns(runs, theme, metric, moment, selected)
    places = runs.cells.places
    sides = [cells[name] for name in (*EDGES, "fill_color")]
    return compose(
        hv.Rectangles(tuple(sides), vdims="colour").opts(
            fill_color="colour", cmap=palette(theme), clim=(0, STEPS - 1), line_color=None
        ),
        hv.Labels(tuple(words.values()), ["x", "y"], ["text", "tone"]).opts(
            text_color="tone", cmap=[theme.ink, theme.surface], clim=(0, 1)
        ),
        rectangles(framed).opts(line_width=3),
        hv.Rectangles(tuple(areas.values()), list(EDGES), "words").opts(
            fill_alpha=0,
            line_alpha=0,
            tools=["hover"],
            hover_tooltips=TOOLTIP_HTML.format(font=FONT, body="@words{safe}"),
        ),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel=places.x_name,
        ylabel=places.y_name,
        backend_opts={**borders(left=8, right=8, top=4, bottom=8), **labels_apart()},
    )


def columns(
    runs: ComparedRuns, theme: Theme, metric: str, moment: str, selected: Selected
) -> list[Columns]:
    """Columns of cells, numbers, frames and areas."""
    cells = runs.cells
    places = cells.places
    values = grouped_values(runs.values(metric, moment), cells.of_run, len(cells), metric)
    column, row = (each.astype(np.float64) for each in (places.column, places.row))
    colour = colours(values.median, metric)
    edges = {
        "left": column + GAP / 2,
        "bottom": row + GAP / 2,
        "right": column + 1 - GAP / 2,
        "top": row + 1 - GAP / 2,
    }
    chosen = sorted({int(cells.of_run[run]) for run in chosen_runs(len(runs), selected)})
    shown = palette(theme)
    return [
        {**edges, "fill_color": colour_column(colour)},
        {
            "x": column + 0.5,
            "y": row + 0.5,
            "text": texts(runs, values, metric),
            "text_color": colour_column(use_surface_text(shown, theme)[colour]),
        },
        {side: each[chosen] for side, each in edges.items()},
        {**edges, "words": descriptions(cells, values, metric)},
    ]


def texts(runs: ComparedRuns, values: SettingValues, metric: str) -> list[str]:
    """The metric of each cell; a cross where training diverged, nothing where there is none.

    Of several runs the median is shown, a dash where that has no value, and if there is room the
    range.
    """
    cells = runs.cells
    places, counts = cells.places, cells.counts
    is_narrow = places.across > MANY
    gone = np.bincount(cells.of_run, weights=runs.failed, minlength=len(cells))
    known = cells.have_several and bool((values.missing < counts).any())
    words = []
    for cell, median in enumerate(values.median.tolist()):
        if median == median:
            word = METRICS[metric].text(median)
            word = word.removeprefix("0") if is_narrow and "." in word else word
        else:
            word = "✕" if 2 * gone[cell] > counts[cell] else "–" if known and counts[cell] else ""
        if counts[cell] > 1 and max(places.across, places.rows) <= ROOMY:
            spread = _spread(values, cell, metric)
            if places.across > ROOMY // 2 or len(spread) > MAX_LETTERS:
                spread = spread.replace("–", "–\n")
            word = "\n".join(filter(None, (word, spread)))
        words.append(word)
    return words


def _spread(values: SettingValues, cell: int, metric: str) -> str:
    text = METRICS[metric].text
    low, high = float(values.low[cell]), float(values.high[cell])
    return f"{text(low)}–{text(high)}" if low == low else ""


def descriptions(cells: Cells, values: SettingValues, metric: str) -> npt.NDArray[np.object_]:
    """What each cell is, and its values over all of its runs, in HTML."""
    text, counts = METRICS[metric].text, cells.counts.tolist()
    lines = []
    for cell, median in enumerate(values.median.tolist()):
        value = "none" if median != median else text(median)
        if counts[cell] < 2:
            lines.append(f"{cells.names[cell]}<br>{metric} {value}")
            continue
        missing, spread = int(values.missing[cell]), _spread(values, cell, metric)
        lines.append(
            f"{cells.names[cell]}<br>{metric} of {counts[cell]} {cells.runs_called}: median {value}"
            + (f"<br>from {spread}" if spread else "")
            + (f"<br>without a value: {missing}" if missing else "")
        )
    return np.array(lines, object)


def colours(values: Floats, metric: str) -> Indices:
    """Indices into `palette`: from the worst of the runs to the best."""
    chosen = METRICS[metric]
    scaled = scaled_values(values, metric)
    known = scaled[np.isfinite(scaled)]
    if not len(known):
        return np.full(len(values), NONE, np.uint8)
    worst, best = float(known.min()), float(known.max())
    if chosen.lower_is_better:
        worst, best = best, worst
    share = (scaled - worst) / ((best - worst) or 1.0) if best != worst else np.ones_like(scaled)
    index = 1 + np.nan_to_num(share, nan=0.0) * (STEPS - 2)
    return np.where(np.isfinite(scaled), index, NONE).astype(np.uint8)


def scaled_values(values: Floats, metric: str) -> Floats:
    """Return values as they are placed on an axis: logarithms where equal factors matter."""
    if not METRICS[metric].is_log:
        return values
    positive = np.where(values > 0, values, np.nan)
    smallest = np.fmin.reduce(positive, initial=np.float32(1.0))
    # A loss can be exactly 0; its place is at the smallest of the others.
    return np.log10(np.where(values == 0, smallest, positive))


def palette(theme: Theme) -> list[str]:
    """The colour of runs without a metric, then 255 from the worst to the best."""
    return [theme.surface, *ramp(theme.neutral, theme.classes[2], STEPS - 1)]


def properties(
    runs: ComparedRuns, theme: Theme, metric: str, moment: str, selected: Selected
) -> Properties:
    """Ranges, ticks and colours."""
    places, several = runs.cells.places, runs.cells.have_several
    size = (
        "12px" if places.across <= 8 and not several else "11px" if places.across <= MANY else "8px"
    )
    return {
        **axis_range("x", 0, places.across),
        **axis_range("y", 0, places.rows),
        **ticks.axis("xaxis", places.x_labels),
        **ticks.axis("yaxis", places.y_labels),
        "0.xaxis.axis_label": places.x_name,
        "0.yaxis.axis_label": places.y_name,
        "0.fill_color_color_mapper.palette": palette(theme),
        **font_property(1),
        "1.glyph.text_font_size": {"value": size},
        "1.text_color_color_mapper.palette": [theme.ink, theme.surface],
        "2.glyph.line_color": theme.ink,
    }
