"""Snapshots: one HTML file that shows and evaluates networks without a server."""

from playground.export.snapshot.digits_snapshot import digits_snapshot
from playground.export.snapshot.lab_snapshot import lab_snapshot
from playground.export.snapshot.recorded_weights import RecordedWeights
from playground.export.snapshot.sweep_snapshot import sweep_snapshot

__all__ = ["RecordedWeights", "digits_snapshot", "lab_snapshot", "sweep_snapshot"]
