"""Runs as rows of a list, in plain values that travel to the browser."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np

from playground.pages.runs.run_description import score_text, settings_text
from playground.runs import RunRecord, StoreEntry
from playground.training.core.metrics import Curves

Row = dict[str, Any]

WIDTH, HEIGHT = 64, 22
"""Of a small curve, in pixels."""
MAX_CURVE_POINTS = 32


def row(record: StoreEntry) -> Row:
    """One run, or a file that cannot be opened, as `run_list.js` shows it."""
    if not isinstance(record, RunRecord):
        return {
            "id": record.id,
            "name": "A file that cannot be opened",
            "about": record.reason,
            "score": "",
            "saved": record.saved.isoformat(),
            "picture": "",
            "curve": "",
            "broken": True,
        }
    picture = record.thumbnail
    return {
        "id": record.id,
        "name": record.name,
        "about": " · ".join(filter(None, [record.page, settings_text(record.settings)])),
        "score": score_text(record.summary),
        "saved": record.saved.isoformat(),
        "picture": f"data:image/png;base64,{b64encode(picture).decode()}" if picture else "",
        "curve": sparkline(record.curves),
        "broken": False,
    }


def sparkline(curves: Curves) -> str:
    """The training loss as the points of an SVG polyline; nothing without two that are finite."""
    finite = np.flatnonzero(np.isfinite(curves.train_loss))
    if len(finite) < 2:
        return ""
    chosen = finite[np.linspace(0, len(finite) - 1, min(len(finite), MAX_CURVE_POINTS)).astype(int)]
    epoch, loss = (line[chosen].astype(np.float64) for line in (curves.epoch, curves.train_loss))
    across = (epoch - epoch[0]) / max(epoch[-1] - epoch[0], 1e-9) * (WIDTH - 2) + 1
    down = (1 - (loss - loss.min()) / max(np.ptp(loss), 1e-9)) * (HEIGHT - 2) + 1
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
