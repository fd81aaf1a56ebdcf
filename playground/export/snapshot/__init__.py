"""Snapshots: one HTML file that shows networks and lives without a server."""

from playground.export.snapshot.digits import snapshot_digits
from playground.export.snapshot.lab import snapshot_lab
from playground.export.snapshot.moments import Recorded

__all__ = ["Recorded", "snapshot_digits", "snapshot_lab"]
