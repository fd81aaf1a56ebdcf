"""A run of training, whole: what is listed of it, and all that is needed to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from playground.runs.record import RunRecord
from playground.training.core.state.state import State


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Run(RunRecord):
    """A run that can be gone on with.

    Attributes
    ----------
    name, page, settings, curves, summary, thumbnail, id, created, saved
        See `RunRecord`.
    state : State
        Of its trainer.
    extra : mapping of str to JSON-able values
        What the page has beside settings, such as points of one's own.
    """

    state: State
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_record(cls, record: RunRecord, state: State, extra: Mapping[str, Any]) -> Run:
        """Complete what is listed of a run."""
        record_fields = {each.name: getattr(record, each.name) for each in fields(RunRecord)}
        return cls(**record_fields, state=state, extra=extra)
