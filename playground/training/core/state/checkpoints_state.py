"""Conversion of checkpoints to a State, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from playground.networks.dense.plan import Plan
from playground.training.core.metrics import Score
from playground.training.core.schedules import NO_PLATEAU
from playground.training.core.sessions.checkpoints import Checkpoint, CheckpointInfo, Checkpoints
from playground.training.core.state.plan_state import parse_plan, plan_to_json
from playground.training.core.state.plateau_state import plateau_row, read_plateaus
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import MAX_COUNT, RestoreStep, StateReader

_COLUMNS = 6  # epoch, step, and loss and accuracy on training and test samples
_MAX_EPOCH = 1e12
"""Epochs from this on are refused as invalid."""


@dataclass(frozen=True, slots=True)
class RowFormat:
    """The dtype, length and validity of the rows of checkpoints.

    Attributes
    ----------
    dtype : torch.dtype
    size : int or None
        Length of each row; None if it follows from the plan of each checkpoint.
    is_valid : callable
        Returns whether the values of a row are valid weights.
    """

    dtype: torch.dtype
    size: int | None
    is_valid: Callable[[Tensor], bool]


def checkpoints_state(checkpoints: Checkpoints, rows: RowFormat) -> State:
    """Copy checkpoints into a State."""
    entries, stride = checkpoints.entries, checkpoints.stride
    plans = list(dict.fromkeys(each.plan for each in entries if each.plan is not None))
    plan_indices = [0 if each.plan is None else plans.index(each.plan) for each in entries]
    infos = [_info_row(each.info) for each in entries]
    values = [each.row for each in entries]
    tensors = {
        "moments": torch.tensor(infos, dtype=torch.float64).reshape(-1, _COLUMNS),
        "plans": torch.tensor(plan_indices, dtype=torch.int64),
        "rows": torch.cat(values) if values else torch.empty(0, dtype=rows.dtype),
    }
    plateaus = [each.info.plateau for each in entries]
    if any(each != NO_PLATEAU for each in plateaus):
        tensors["plateaus"] = torch.stack([plateau_row(each) for each in plateaus])
    return State({"pace": stride, "plans": [plan_to_json(plan) for plan in plans]}, tensors)


def prepare_checkpoints_restore(
    saved: StateReader, checkpoints: Checkpoints, per_epoch: int, rows: RowFormat
) -> RestoreStep:
    """Check a state of `checkpoints_state`, and return the step that restores it.

    Raises
    ------
    InputError
        If the checkpoints are invalid, or of another kind of network.
    """
    infos = _read_infos(saved, per_epoch)
    plans = _read_plans(saved, len(infos)) if rows.size is None else [None] * len(infos)
    sizes = [rows.size if plan is None else plan.size for plan in plans]
    all_rows = saved.tensor("rows", (sum(size or 0 for size in sizes),), rows.dtype)
    # Copied, so that the memory of checkpoints that are dropped later is freed.
    values = [row.clone() for row in all_rows.split([size or 0 for size in sizes])]
    for row in values:
        if 2 * row.nbytes > checkpoints.limit or not rows.is_valid(row):
            raise saved.invalid("rows", "should hold finite numbers only, and not too many")
    entries = [Checkpoint(*each) for each in zip(infos, values, plans, strict=True)]
    return partial(checkpoints.load, entries, saved.integer("pace", MAX_COUNT, minimum=1))


def _info_row(info: CheckpointInfo) -> list[float]:
    train, test = info.train, info.test
    return [info.epoch, info.step, train.loss, train.accuracy, test.loss, test.accuracy]


def _read_infos(saved: StateReader, per_epoch: int) -> list[CheckpointInfo]:
    rows = saved.tensor("moments", (None, _COLUMNS), torch.float64)
    epoch_and_step = rows[:, :2]
    if not (
        epoch_and_step.isfinite().all()
        and ((epoch_and_step >= 0) & (epoch_and_step < _MAX_EPOCH)).all()
    ):
        raise saved.invalid("moments", "should begin with an epoch and a step")
    if not ((epoch_and_step[:, 0] * per_epoch).round().diff() > 0).all():
        raise saved.invalid("moments", "should have rising epochs")
    plateaus = read_plateaus(saved, "plateaus", len(rows))
    return [
        CheckpointInfo(epoch, int(step), Score(*scores[:2]), Score(*scores[2:]), plateau)
        for (epoch, step, *scores), plateau in zip(rows.tolist(), plateaus, strict=True)
    ]


def _read_plans(saved: StateReader, count: int) -> list[Plan | None]:
    found = saved.value("plans")
    if not isinstance(found, list) or len(found) > count:
        raise saved.invalid("plans", f"should be a list of up to {count}")
    plans = [parse_plan(saved, "plans", each) for each in found]
    plan_indices = saved.indices("plans", count, len(plans))
    return [plans[plan_index] for plan_index in plan_indices.tolist()]
