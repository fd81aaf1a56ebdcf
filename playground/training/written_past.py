"""A Past as a few tensors, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from playground.networks.plan import Plan
from playground.training.checked import FAR, Checked, Step
from playground.training.frame import Score
from playground.training.past import LIMIT, Memory, Moment, Past
from playground.training.state import State
from playground.training.written_plan import understood, written

_COLUMNS = 6
_LATEST = 1e12
"""No training goes on for so many epochs."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of a past are.

    Attributes
    ----------
    dtype : torch.dtype
    size : int or None
        Length of each; None where each has its own plan.
    sound : callable
        Whether a row may be gone back to.
    """

    dtype: torch.dtype
    size: int | None
    sound: Callable[[Tensor], bool]


def written_past(past: Past, rows: Rows) -> State:
    """Copy a past out."""
    memories, pace = past.memories, past.pace
    plans = list(dict.fromkeys(each.plan for each in memories if each.plan is not None))
    places = [0 if each.plan is None else plans.index(each.plan) for each in memories]
    moments = [_numbers(each.moment) for each in memories]
    values = [each.row for each in memories]
    return State(
        {"pace": pace, "plans": [written(plan) for plan in plans]},
        {
            "moments": torch.tensor(moments, dtype=torch.float64).reshape(-1, _COLUMNS),
            "plans": torch.tensor(places, dtype=torch.int64),
            "rows": torch.cat(values) if values else torch.empty(0, dtype=rows.dtype),
        },
    )


def reading_past(given: Checked, past: Past, parts: int, rows: Rows) -> Step:
    """Check what `written_past` made, and return the step that puts it into a past.

    Raises
    ------
    InputError
        If it is no past of such a network.
    """
    moments = _moments(given, parts)
    plans = _plans(given, len(moments)) if rows.size is None else [None] * len(moments)
    sizes = [rows.size if plan is None else plan.size for plan in plans]
    whole = given.tensor("rows", (sum(size or 0 for size in sizes),), rows.dtype)
    # Copies, so that what is let go later is gone.
    values = [row.clone() for row in whole.split([size or 0 for size in sizes])]
    for row in values:
        if 2 * row.nbytes > LIMIT or not rows.sound(row):
            raise given.refusal("rows", "should hold numbers only, and not too many")
    memories = [Memory(*each) for each in zip(moments, values, plans, strict=True)]
    return partial(past.replace, memories, given.whole("pace", FAR, least=1))


def _numbers(moment: Moment) -> list[float]:
    train, test = moment.train, moment.test
    return [moment.epoch, moment.step, train.loss, train.accuracy, test.loss, test.accuracy]


def _moments(given: Checked, parts: int) -> list[Moment]:
    rows = given.tensor("moments", (None, _COLUMNS), torch.float64)
    when = rows[:, :2]
    if not (when.isfinite().all() and ((when >= 0) & (when < _LATEST)).all()):
        raise given.refusal("moments", "should begin with an epoch and a step")
    if not ((when[:, 0] * parts).round().diff() > 0).all():
        raise given.refusal("moments", "should have rising epochs")
    return [
        Moment(epoch, int(step), Score(*scores[:2]), Score(*scores[2:]))
        for epoch, step, *scores in rows.tolist()
    ]


def _plans(given: Checked, count: int) -> list[Plan | None]:
    found = given.value("plans")
    if not isinstance(found, list) or len(found) > count:
        raise given.refusal("plans", f"should be a list of up to {count}")
    plans = [understood(given, "plans", each) for each in found]
    places = given.indices("plans", count, len(plans))
    return [plans[place] for place in places.tolist()]
