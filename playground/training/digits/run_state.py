"""The state of a ReaderRun: all that decides what comes next, beside the settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

from playground.training.chance import chance
from playground.training.checked import Checked, Step, joined
from playground.training.digits.learner import Learner
from playground.training.digits.packing import pack, packed_size, unpack
from playground.training.digits.run import PARTS, ReaderRun
from playground.training.digits.standing import Standing, read_standing, standing_state
from playground.training.parts import optimiser_state, read_kind, reading_optimiser
from playground.training.state import State
from playground.training.written_past import Rows, reading_past, written_past

KIND = "reader"
_HARMLESS = ("torch.nn.", "playground.")
"""Modules of Python whose layers draw nothing, apart from dropout."""


def run_state(run: ReaderRun, *, past: bool) -> State:
    """Copy a run out that is between two steps, with or without the moments to go back to."""
    parts = {
        "network": _network(run.learner),
        "standing": standing_state(run.standing()),
        "drill": run.drill.state(),
        "exam": run.exam.state(),
        "history": run.history.state(),
        "optimiser": optimiser_state(run.learner.optimiser),
    }
    if draws_elsewhere(run.learner.network):
        parts["chance"] = State({}, {"elsewhere": torch.get_rng_state()})
    if past:
        parts["past"] = written_past(run.past, _rows(run))
    return joined(**parts)


def reading_run(run: ReaderRun, given: Checked) -> Iterator[Step]:
    """Check what `run_state` made; the steps that take it up are to be taken in this order.

    Raises
    ------
    InputError
        If it is no state of such a network.
    """
    learner = run.learner
    yield from _reading_network(learner, given.part("network"))
    yield run.drill.reading(given.part("drill"))
    yield run.exam.reading(given.part("exam"))
    yield run.history.reading(given.part("history"))
    yield reading_optimiser(given.part("optimiser"), learner.optimiser, learner.forget_steps)
    yield partial(run.stand, _reading_standing(run, given))
    if "pace" in given.part("past"):
        yield reading_past(given.part("past"), run.past, PARTS, _rows(run))
    else:
        yield run.remember_only_now
    elsewhere = given.part("chance")
    if draws_elsewhere(learner.network) and "elsewhere" in elsewhere:
        yield partial(torch.set_rng_state, chance(elsewhere, "elsewhere"))


def draws_elsewhere(network: nn.Module) -> bool:
    """Whether a network may draw from the generator that the whole process shares.

    Dropout does. What other people's modules do nobody knows.
    """
    return any(
        isinstance(part, _DropoutNd) or not type(part).__module__.startswith(_HARMLESS)
        for part in network.modules()
    )


def _network(learner: Learner) -> State:
    tensors = {"now": pack(learner.tensors), "good": pack(learner.kept)}
    return State({"kind": KIND, "shapes": _shapes(learner.network)}, tensors)


def _shapes(network: nn.Module) -> list[list[Any]]:
    """Name everything there is in a network, with its shape."""
    return [[name, list(each.shape)] for name, each in network.state_dict().items()]


def _reading_network(learner: Learner, given: Checked) -> Iterator[Step]:
    read_kind(given, KIND)
    if given.value("shapes") != _shapes(learner.network):
        raise given.refusal("shapes", "are those of another network than is asked for")
    yield partial(learner.restore, _read_tensors(learner, given, "now"))
    yield partial(learner.keep, _read_tensors(learner, given, "good"))


def _read_tensors(learner: Learner, given: Checked, name: str) -> list[Tensor]:
    like = learner.tensors
    tensors = unpack(given.tensor(name, (packed_size(like),), torch.uint8), like)
    if not tensors[0].isfinite().all():
        raise given.refusal(name, "should hold numbers only, but some are infinite or NaN")
    return tensors


def _reading_standing(run: ReaderRun, given: Checked) -> Standing:
    """Check where a run stood; other pictures than now are another epoch."""
    here = run.standing()
    standing = read_standing(given.part("standing"), here, run.training)
    if not run.drill.fits(given.part("drill")):
        standing = standing.before_epoch()
    same = standing.under_way and run.exam.fits(given.part("exam"))
    unseen = standing.unseen if same else None
    if unseen is not None and unseen > len(run.images.test):
        raise given.part("standing").refusal("unseen", "is more than there is to look at")
    return replace(standing, unseen=unseen)


def _rows(run: ReaderRun) -> Rows:
    like = run.memory
    return Rows(
        torch.uint8, packed_size(like), lambda row: bool(unpack(row, like)[0].isfinite().all())
    )
