"""Runs as rows of a list, in plain values that travel to the browser."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np

from playground.pages.keep.wording import score_words, settings_words
from playground.runs import Listed, Record
from playground.training.frame import Curves

Row = dict[str, Any]

WIDTH, HEIGHT = 64, 22
"""Of a small curve, in pixels."""
MOST_PLACES = 32


def row(listed: Listed) -> Row:
    """One run, or a file that cannot be opened, as `run_list.js` shows it."""
    if not isinstance(listed, Record):
        return {
            "id": listed.id,
            "name": "A file that cannot be opened",
            "about": listed.reason,
            "score": "",
            "saved": listed.saved.isoformat(),
            "picture": "",
            "curve": "",
            "broken": True,
        }
    picture = listed.thumbnail
    return {
        "id": listed.id,
        "name": listed.name,
        "about": " · ".join(filter(None, [listed.page, settings_words(listed.settings)])),
        "score": score_words(listed.summary),
        "saved": listed.saved.isoformat(),
        "picture": f"data:image/png;base64,{b64encode(picture).decode()}" if picture else "",
        "curve": small_curve(listed.curves),
        "broken": False,
    }


def small_curve(curves: Curves) -> str:
    """The training loss as the points of an SVG polyline; nothing without two that are finite."""
    sound = np.flatnonzero(np.isfinite(curves.train_loss))
    if len(sound) < 2:
        return ""
    chosen = sound[np.linspace(0, len(sound) - 1, min(len(sound), MOST_PLACES)).astype(int)]
    epoch, loss = (line[chosen].astype(np.float64) for line in (curves.epoch, curves.train_loss))
    across = (epoch - epoch[0]) / max(epoch[-1] - epoch[0], 1e-9) * (WIDTH - 2) + 1
    down = (1 - (loss - loss.min()) / max(np.ptp(loss), 1e-9)) * (HEIGHT - 2) + 1
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
