"""A run in a few words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from playground.runs import BrokenFile, RunRecord, RunSummary, StoreEntry
from playground.runs.record import MAX_NAME_LENGTH

MAX_SETTING_LENGTH = 24
"""Characters of a single setting."""


def shorten(value: object) -> str:
    """A setting that may come from a stranger: short, and only what can be seen."""
    text = "".join(each for each in str(value)[: 4 * MAX_SETTING_LENGTH] if each.isprintable())
    return text if len(text) <= MAX_SETTING_LENGTH else text[: MAX_SETTING_LENGTH - 1] + "…"


def hidden_text(value: object) -> str:
    """Hidden layers, such as "8 + 4 neurons"."""
    if not isinstance(value, list) or not value:
        return "no hidden layer"
    return f"{shorten(' + '.join(map(str, value[:MAX_SETTING_LENGTH])))} neurons"


SETTING_FORMATS: dict[str, Callable[[Any], str]] = {
    "gate": shorten,
    "shape": shorten,
    "corpus": shorten,
    "reader": shorten,
    "hidden": hidden_text,
    "activation": shorten,
    "optimiser": shorten,
    "learning_rate": lambda value: f"rate {shorten(value)}",
}
"""The settings that a run is known by, by their public names, and how they are said."""


def settings_text(settings: Mapping[str, Any]) -> str:
    """The most telling settings, such as "XOR · 4 neurons · tanh · Adam · rate 0.03"."""
    return " · ".join(
        format_setting(settings[name])
        for name, format_setting in SETTING_FORMATS.items()
        if name in settings
    )


def suggested_name(run: RunRecord) -> str:
    """What to call a run that nobody has named, such as "XOR, 4 neurons, epoch 120"."""
    first = settings_text(run.settings).split(" · ")[:2]
    words = [*filter(None, first or [run.page]), f"epoch {run.summary.epoch:,.0f}"]
    return ", ".join(words)[:MAX_NAME_LENGTH].strip()


def run_line(listed: StoreEntry) -> str:
    """A run in one line, its id first."""
    if isinstance(listed, BrokenFile):
        return f"{listed.id}  can't be read: {listed.reason}"
    about = " · ".join([settings_text(listed.settings), score_text(listed.summary)])
    return f"{listed.id}  {listed.name} ({listed.page}): {about}"


def score_text(summary: RunSummary) -> str:
    """How far and how well, such as "epoch 120 · test accuracy 98.2%"."""
    part, score = ("test", summary.test)
    if math.isnan(score.loss):
        part, score = ("training", summary.train)
    accuracy_text = f"{part} accuracy {score.accuracy:.1%}"
    if math.isnan(score.accuracy):
        accuracy_text = "" if math.isnan(score.loss) else f"{part} loss {score.loss:#.3g}"
    return " · ".join(filter(None, [f"epoch {summary.epoch:,.0f}", accuracy_text]))
