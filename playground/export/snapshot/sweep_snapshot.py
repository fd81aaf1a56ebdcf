"""The snapshot of a sweep: its wall, its heatmap and its table, without a script."""

from __future__ import annotations

import base64
import io
from datetime import date
from html import escape

import numpy as np
from PIL import Image

from playground.export.snapshot.assets import read_template
from playground.training.sweeps import SweepFrame, SweepTrainer
from playground.training.sweeps.metrics import values_of_settings
from playground.views.populations.places import Places, cells_of, places_of
from playground.views.populations.sweep_heatmap import colours, texts
from playground.views.populations.sweep_heatmap import palette as heat_palette
from playground.views.populations.sweep_runs import SweepRuns
from playground.views.populations.sweep_wall import tile_words
from playground.views.populations.wall import palette, picture_indices
from playground.views.theme import Indices, Theme, css, use_surface_text


def sweep_snapshot(trainer: SweepTrainer, metric: str, moment: str, theme: Theme) -> str:
    """Return one HTML file that shows a sweep as it is.

    Parameters
    ----------
    trainer : SweepTrainer
    metric, moment : str
        What the heatmap shows; see `values_of_settings`.
    theme : Theme
    """
    frame = trainer.frame()
    title = f"Compare {' and '.join(axis.variable.label for axis in frame.sweep.axes)}"
    learned = f"{int(frame.runs.learned.sum())} of {len(frame.sweep)} have learned"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{escape(title)}</title><style>{css(theme)}{read_template('sweep.css')}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>Epoch {frame.epoch:,}. {learned}. "
        f"{escape(frame.sweep.text)}</p>"
        f"<section><h2>What they predict</h2>"
        f"{_grid(places_of(frame.sweep), _tiles(frame, theme))}</section>"
        f"<section><h2>{escape(metric)}, {escape(moment)}</h2>"
        f"{_grid(cells_of(frame.sweep), _cells(frame, metric, moment, theme))}</section>"
        f"<section><h2>All runs</h2>{_list(trainer)}</section>"
        f"<p>Saved from Playground on {date.today():%-d %B %Y}. "
        "This file needs no network connection.</p></body></html>"
    )


def _grid(places: Places, cells: list[str]) -> str:
    """Arrange the cells as the page does."""
    at = {
        (int(row), int(column)): cell
        for row, column, cell in zip(places.row, places.column, cells, strict=True)
    }
    lines = []
    tall, wide = places.inner_rows, places.inner_across
    for row in range(places.rows - 1, -1, -1):
        own = "".join(at.get((row, column), "<td></td>") for column in range(places.across))
        name = ""
        if row % tall == tall - 1:
            label = places.y_labels.get(row + 1 - tall / 2, "")
            name = f'<th rowspan="{tall}">{escape(label)}</th>'
        lines.append(f"<tr>{name}{own}</tr>")
    feet = "".join(
        f'<th colspan="{wide}">{escape(places.x_labels.get(column + wide / 2, ""))}</th>'
        for column in range(0, places.across, wide)
    )
    names = f"{escape(places.y_name)} ↑ {escape(places.x_name)} →"
    return f"<table>{''.join(lines)}<tr><th>{names}</th>{feet}</tr></table>"


def _tiles(frame: SweepFrame, theme: Theme) -> list[str]:
    colours_of = palette(frame.runs, theme)
    return [
        f'<td><img alt="" src="{_png(picture[::-1], colours_of)}">{escape(word)}</td>'
        for picture, word in zip(picture_indices(frame.runs), tile_words(frame), strict=True)
    ]


def _cells(frame: SweepFrame, metric: str, moment: str, theme: Theme) -> list[str]:
    values, shown = values_of_settings(frame, metric, moment), heat_palette(theme)
    indices = colours(values.median, metric)
    inverse = use_surface_text(shown, theme)[indices]
    return [
        f'<td style="background:{shown[index]};color:{theme.surface if light else theme.ink}">'
        f"{escape(text).replace(chr(10), '<br>')}</td>"
        for index, light, text in zip(
            indices.tolist(), inverse.tolist(), texts(SweepRuns(frame), values, metric), strict=True
        )
    ]


def _list(trainer: SweepTrainer) -> str:
    table = trainer.table()
    heads = "".join(f"<th>{escape(str(each))}</th>" for each in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(each))}</td>" for each in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    return f'<table class="list"><tr>{heads}</tr>{rows}</table>'


def _text(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "–" if np.isnan(value) else f"{value:.4g}"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return str(value)


def _png(picture: Indices, shown: list[str]) -> str:
    """Return a picture of palette indices, top row first, as a data URL."""
    image = Image.fromarray(np.ascontiguousarray(picture)).convert("P")
    image.putpalette(b"".join(bytes.fromhex(each[1:7]) for each in shown))
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
