"""Short descriptions of runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from playground.networks.classifier_settings import ClassifierSettings
from playground.number_text import format_loss, format_percent
from playground.runs import BrokenFile, RunRecord, RunSummary, StoreEntry, Usage
from playground.runs.quota import MB
from playground.runs.record import MAX_NAME_LENGTH

MAX_SETTING_LENGTH = 24
"""Characters of a single setting."""


def setting_text(value: object) -> str:
    """Shorten a setting, which may come from a stranger's file, to printable characters."""
    text = "".join(each for each in str(value)[: 4 * MAX_SETTING_LENGTH] if each.isprintable())
    return text if len(text) <= MAX_SETTING_LENGTH else text[: MAX_SETTING_LENGTH - 1] + "…"


def _short_number(value: object) -> object:
    """Return four digits of a fraction, as a sweep draws many more; anything else as it is."""
    return f"{value:.4g}" if isinstance(value, float) else value


def hidden_text(value: object) -> str:
    """Describe hidden layers, such as "8 + 4 neurons"."""
    if not isinstance(value, list) or not value:
        return "no hidden layer"
    return f"{setting_text(' + '.join(map(str, value[:MAX_SETTING_LENGTH])))} neurons"


def classifier_text(value: object) -> str:
    """Describe an image classifier as its page labels it, such as "LeNet-5"."""
    labels = {name: label for label, name in ClassifierSettings.param.model.names.items()}
    return setting_text(labels.get(str(value), value))


SETTING_FORMATS: dict[str, Callable[[Any], str]] = {
    "gate": setting_text,
    "shape": setting_text,
    "corpus": setting_text,
    "model": classifier_text,
    "hidden": hidden_text,
    "activation": setting_text,
    "optimiser": setting_text,
    "learning_rate": lambda value: f"rate {setting_text(_short_number(value))}",
}
"""The settings that describe a run, by public name, and how each is written."""


def settings_text(settings: Mapping[str, Any]) -> str:
    """The most important settings, such as "XOR · 4 neurons · tanh · Adam · rate 0.03"."""
    return " · ".join(
        format_setting(settings[name])
        for name, format_setting in SETTING_FORMATS.items()
        if name in settings
    )


def suggested_name(run: RunRecord) -> str:
    """Make a name for a run that has none, such as "XOR, 4 neurons, epoch 120"."""
    first = settings_text(run.settings).split(" · ")[:2]
    words = [*filter(None, first or [run.page]), f"epoch {run.summary.epoch:,.0f}"]
    return ", ".join(words)[:MAX_NAME_LENGTH].strip()


def run_line(entry: StoreEntry) -> str:
    """Describe a run in one line of the terminal, its id first."""
    if isinstance(entry, BrokenFile):
        return f"{entry.id}  can't be read: {entry.reason}"
    about = " · ".join([settings_text(entry.settings), score_text(entry.summary)])
    return f"{entry.id}  {entry.name} ({entry.page}): {about}"


def score_text(summary: RunSummary) -> str:
    """The epoch and the best available score, such as "epoch 120 · test accuracy 98.2%"."""
    part, score = ("test", summary.test)
    if math.isnan(score.loss):
        part, score = ("training", summary.train)
    accuracy_text = f"{part} accuracy {format_percent(score.accuracy)}"
    if math.isnan(score.accuracy):
        accuracy_text = "" if math.isnan(score.loss) else f"{part} loss {format_loss(score.loss)}"
    return " · ".join(filter(None, [f"epoch {summary.epoch:,.0f}", accuracy_text]))


def usage_text(usage: Usage | None) -> str:
    """How much is saved and may be, such as "12 of 200 runs, 34.5 of 500 MB"."""
    if usage is None:
        return ""
    return (
        f"{usage.runs:,} of {usage.max_runs:,} runs,"
        f" {usage.bytes / MB:,.1f} of {usage.max_bytes / MB:,.0f} MB with the work of open tabs"
    )
