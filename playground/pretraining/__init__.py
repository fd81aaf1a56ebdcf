"""Training of the pretrained classifiers of the package: `playground train digits`."""

from playground.pretraining.pipeline import PretrainingProgress, train

__all__ = ["PretrainingProgress", "train"]
