"""A complete training run: its record, and the state needed to resume it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from playground.runs.record import RunRecord
from playground.training.core.state.state import State


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Run(RunRecord):
    """A training run that can be resumed.

    Attributes
    ----------
    name, page, settings, curves, summary, thumbnail, id, created, saved
        See `RunRecord`.
    state : State
        The state of its trainer.
    extra : mapping of str to JSON-able values
        Data of the page other than settings, such as the user's own points.
    """

    state: State
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_record(cls, record: RunRecord, state: State, extra: Mapping[str, Any]) -> Run:
        """Make a run of its record, its state and extra data."""
        record_fields = {each.name: getattr(record, each.name) for each in fields(RunRecord)}
        return cls(**record_fields, state=state, extra=extra)
