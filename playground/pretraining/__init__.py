"""Training of the models that ship with the package: `playground train digits`."""

from playground.pretraining.pipeline import PretrainingProgress, train

__all__ = ["PretrainingProgress", "train"]
