"""Training the readers that ship with the package: `playground train digits`."""

from playground.training.shipping.making import Progress, train

__all__ = ["Progress", "train"]
