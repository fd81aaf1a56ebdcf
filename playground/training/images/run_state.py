"""The state of a ImageRun: all that decides what comes next, beside the settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from playground import torch_kernels
from playground.training.core.state.checkpoints_state import (
    RowFormat,
    checkpoints_state,
    prepare_checkpoints_restore,
)
from playground.training.core.state.rng_state import rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_parts import (
    check_kind,
    optimiser_state,
    prepare_optimiser_restore,
)
from playground.training.core.state.state_reader import RestoreStep, StateReader, join_states
from playground.training.core.state.tensor_packing import pack, packed_size, unpack
from playground.training.images.run_progress import (
    RunProgress,
    read_run_progress,
    run_progress_state,
)
from playground.training.images.trainable_classifier import TrainableClassifier
from playground.training.images.training_run import RECORDS_PER_EPOCH, ImageRun

STATE_KIND = "reader"
_KNOWN_PACKAGES = ("torch.nn.", "playground.")
"""Modules of Python whose layers draw nothing, apart from dropout."""


def run_state(run: ImageRun, *, checkpoints: bool) -> State:
    """Copy a run out that is between two steps, with or without the moments to go back to."""
    parts = {
        "network": _network_state(run.classifier),
        "standing": run_progress_state(run.run_progress()),
        "drill": run.batches.state(),
        "exam": run.evaluator.state(),
        "history": run.history.state(),
        "optimiser": optimiser_state(run.classifier.optimiser),
    }
    if uses_global_rng(run.classifier.network):
        parts["chance"] = State({}, {"elsewhere": torch.get_rng_state()})
    if checkpoints:
        parts["past"] = checkpoints_state(run.checkpoints, _row_format(run))
    return join_states(**parts)


def prepare_run_restore(run: ImageRun, saved: StateReader) -> Iterator[RestoreStep]:
    """Check what `run_state` made; the steps that take it up are to be taken in this order.

    Raises
    ------
    InputError
        If it is no state of such a network.
    """
    classifier = run.classifier
    yield from _prepare_network_restore(classifier, saved.part("network"))
    yield run.batches.prepare_restore(saved.part("drill"))
    yield run.evaluator.prepare_restore(saved.part("exam"))
    yield run.history.prepare_restore(saved.part("history"))
    yield prepare_optimiser_restore(
        saved.part("optimiser"), classifier.optimiser, classifier.reset_optimiser
    )
    yield partial(run.resume, _read_progress(run, saved))
    if "pace" in saved.part("past"):
        yield prepare_checkpoints_restore(
            saved.part("past"), run.checkpoints, RECORDS_PER_EPOCH, _row_format(run)
        )
    else:
        yield run.keep_only_current_checkpoint
    global_rng = saved.part("chance")
    if uses_global_rng(classifier.network) and "elsewhere" in global_rng:
        yield partial(torch.set_rng_state, rng_state(global_rng, "elsewhere"))


def uses_global_rng(network: nn.Module) -> bool:
    """Whether a network may draw from the generator that the whole process shares.

    Dropout does. What other people's modules do nobody knows.
    """
    return any(
        isinstance(part, torch_kernels.DROPOUT_LAYERS)
        or not type(part).__module__.startswith(_KNOWN_PACKAGES)
        for part in network.modules()
    )


def _network_state(classifier: TrainableClassifier) -> State:
    tensors = {"now": pack(classifier.tensors), "good": pack(classifier.good_state)}
    return State({"kind": STATE_KIND, "shapes": _shapes(classifier.network)}, tensors)


def _shapes(network: nn.Module) -> list[list[Any]]:
    """Name everything there is in a network, with its shape."""
    return [[name, list(each.shape)] for name, each in network.state_dict().items()]


def _prepare_network_restore(
    classifier: TrainableClassifier, saved: StateReader
) -> Iterator[RestoreStep]:
    check_kind(saved, STATE_KIND)
    if saved.value("shapes") != _shapes(classifier.network):
        raise saved.invalid("shapes", "are those of another network than is asked for")
    yield partial(classifier.restore, _read_tensors(classifier, saved, "now"))
    yield partial(classifier.save_good_state, _read_tensors(classifier, saved, "good"))


def _read_tensors(classifier: TrainableClassifier, saved: StateReader, name: str) -> list[Tensor]:
    like = classifier.tensors
    tensors = unpack(saved.tensor(name, (packed_size(like),), torch.uint8), like)
    if not tensors[0].isfinite().all():
        raise saved.invalid(name, "should hold numbers only, but some are infinite or NaN")
    return tensors


def _read_progress(run: ImageRun, saved: StateReader) -> RunProgress:
    """Check where a run stood; other pictures than now are another epoch."""
    current = run.run_progress()
    run_progress = read_run_progress(saved.part("standing"), current, run.training)
    if not run.batches.matches(saved.part("drill")):
        run_progress = run_progress.at_epoch_start()
    same = run_progress.epoch_started and run.evaluator.matches(saved.part("exam"))
    pending = run_progress.pending if same else None
    if pending is not None and pending > len(run.images.test):
        raise saved.part("standing").invalid("unseen", "is more than there is to look at")
    return replace(run_progress, pending=pending)


def _row_format(run: ImageRun) -> RowFormat:
    like = run.checkpoint_tensors
    return RowFormat(
        torch.uint8, packed_size(like), lambda row: bool(unpack(row, like)[0].isfinite().all())
    )
