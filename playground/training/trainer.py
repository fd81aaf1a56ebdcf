"""The documented import path of `Trainer`."""

from playground.training.dense.trainer import Trainer

__all__ = ["Trainer"]
