"""The defaults of training for image classifiers."""

from __future__ import annotations

from playground.training.training import Training


def default_training(**choices: object) -> Training:
    """Return training parameters that suit image classifiers, except for those that are given."""
    defaults: dict[str, object] = {
        "learning_rate": 2e-3,
        "batch_size": 256,
        "schedule": "cosine",
        "horizon": 10,
    }
    return Training(**{**defaults, **choices})
