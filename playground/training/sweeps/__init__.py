"""Sweeps: networks that differ in one or two settings, trained side by side and compared."""

from playground.training.sweeps.frame import SweepFrame
from playground.training.sweeps.metrics import METRICS, MOMENTS, metric_values, metrics_of
from playground.training.sweeps.reading import read_sweep
from playground.training.sweeps.sweep import Axis, Sweep, make_sweep
from playground.training.sweeps.trainer import SweepTrainer
from playground.training.sweeps.variables import VARIABLES

__all__ = [
    "METRICS",
    "MOMENTS",
    "VARIABLES",
    "Axis",
    "Sweep",
    "SweepFrame",
    "SweepTrainer",
    "make_sweep",
    "metric_values",
    "metrics_of",
    "read_sweep",
]
