"""A run in a few words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from playground.runs import Broken, Listed, Record, Summary
from playground.runs.record import LONGEST_NAME

LONGEST = 24
"""Characters of a single setting."""


def plain(value: object) -> str:
    """A setting that may come from a stranger: short, and only what can be seen."""
    text = "".join(each for each in str(value)[: 4 * LONGEST] if each.isprintable())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def neurons(value: object) -> str:
    """Hidden layers, such as "8 + 4 neurons"."""
    if not isinstance(value, list) or not value:
        return "no hidden layer"
    return f"{plain(' + '.join(map(str, value[:LONGEST])))} neurons"


TOLD: dict[str, Callable[[Any], str]] = {
    "gate": plain,
    "shape": plain,
    "corpus": plain,
    "reader": plain,
    "hidden": neurons,
    "activation": plain,
    "optimiser": plain,
    "learning_rate": lambda value: f"rate {plain(value)}",
}
"""The settings that a run is known by, by their public names, and how they are said."""


def settings_words(settings: Mapping[str, Any]) -> str:
    """The most telling settings, such as "XOR · 4 neurons · tanh · Adam · rate 0.03"."""
    return " · ".join(say(settings[name]) for name, say in TOLD.items() if name in settings)


def suggested_name(run: Record) -> str:
    """What to call a run that nobody has named, such as "XOR, 4 neurons, epoch 120"."""
    first = settings_words(run.settings).split(" · ")[:2]
    words = [*filter(None, first or [run.page]), f"epoch {run.summary.epoch:,.0f}"]
    return ", ".join(words)[:LONGEST_NAME].strip()


def line(listed: Listed) -> str:
    """A run in one line, its id first."""
    if isinstance(listed, Broken):
        return f"{listed.id}  can't be read: {listed.reason}"
    about = " · ".join([settings_words(listed.settings), score_words(listed.summary)])
    return f"{listed.id}  {listed.name} ({listed.page}): {about}"


def score_words(summary: Summary) -> str:
    """How far and how well, such as "epoch 120 · test accuracy 98.2%"."""
    part, score = ("test", summary.test)
    if math.isnan(score.loss):
        part, score = ("training", summary.train)
    told = f"{part} accuracy {score.accuracy:.1%}"
    if math.isnan(score.accuracy):
        told = "" if math.isnan(score.loss) else f"{part} loss {score.loss:#.3g}"
    return " · ".join(filter(None, [f"epoch {summary.epoch:,.0f}", told]))
