"""The choices of training that suit pictures."""

from __future__ import annotations

from playground.training.training import Training


def default_training(**choices: object) -> Training:
    """Make the choices of training that suit pictures; any of them can be given instead."""
    defaults: dict[str, object] = {
        "learning_rate": 2e-3,
        "batch_size": 256,
        "schedule": "cosine",
        "horizon": 10,
    }
    return Training(**{**defaults, **choices})
