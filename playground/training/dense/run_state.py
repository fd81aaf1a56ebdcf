"""The state of a Run: all that decides what comes next, beside the settings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch

from playground.training.core import diagnosis
from playground.training.core.state.checkpoints_state import (
    RowFormat,
    checkpoints_state,
    prepare_checkpoints_restore,
)
from playground.training.core.state.plan_state import plan_to_json, read_plan
from playground.training.core.state.rng_state import rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_parts import (
    check_kind,
    optimiser_state,
    prepare_optimiser_restore,
    read_scores,
    scores_tensor,
)
from playground.training.core.state.state_reader import (
    RestoreStep,
    StateReader,
    join_states,
    short_repr,
)
from playground.training.dense.session import TrainingSession
from playground.training.dense.training_run import DenseRun
from playground.training.engines import AutogradEngine
from playground.training.training import Training

STATE_KIND = "dense network"
_ROW_FORMAT = RowFormat(torch.float32, None, lambda row: bool(row.isfinite().all()))


def run_state(run: DenseRun, *, checkpoints: bool) -> State:
    """Copy a run out, with or without the moments to go back to."""
    parts = {
        "progress": _progress_state(run),
        "network": _network_state(run),
        "chance": _rng_state(run.session),
        "history": run.history.state(),
        "optimiser": optimiser_state(run.session.optimiser),
    }
    if checkpoints:
        parts["past"] = checkpoints_state(run.checkpoints, _ROW_FORMAT)
    return join_states(**parts)


def prepare_run_restore(
    run: DenseRun, saved: StateReader, training: Training
) -> Iterator[RestoreStep]:
    """Check what `run_state` made; the steps that take it up are to be taken in this order.

    Raises
    ------
    InputError
        If it is no state of such a network.
    """
    session = run.session
    yield from _prepare_network_restore(run, saved.part("network"))
    yield _prepare_progress_restore(run, saved.part("progress"), training)
    yield from _prepare_rng_restore(session, saved.part("chance"))
    yield run.history.prepare_restore(saved.part("history"))
    yield prepare_optimiser_restore(
        saved.part("optimiser"), session.optimiser, session.reset_optimiser
    )
    saved_checkpoints = saved.part("past")
    if "pace" in saved_checkpoints:
        yield prepare_checkpoints_restore(saved_checkpoints, run.checkpoints, 1, _ROW_FORMAT)
    else:
        yield run.keep_only_current_checkpoint


def _network_state(run: DenseRun) -> State:
    session = run.session
    tensors = {
        "weights": session.parameters.values.clone(),
        "good": run.good_weights.clone(),
        "gradient": session.engine.gradient.clone(),
    }
    if session.frozen is not None:
        tensors["frozen"] = session.frozen.clone()
    return State({"kind": STATE_KIND, "plan": plan_to_json(session.parameters.plan)}, tensors)


def _prepare_network_restore(run: DenseRun, saved: StateReader) -> Iterator[RestoreStep]:
    check_kind(saved, STATE_KIND)
    session, plan = run.session, read_plan(saved, "plan")
    now = session.parameters.plan
    if (plan.features, plan.widths) != (now.features, now.widths):
        raise saved.invalid(
            "plan",
            f"is that of a network of {plan.widths} units on {short_repr(plan.features)}, "
            f"but one of {now.widths} on {now.features} is asked for",
        )
    shape, dtype = (1, plan.size), torch.float32
    yield partial(
        session.parameters.values.copy_, saved.tensor("weights", shape, dtype, finite=True)
    )
    yield partial(run.good_weights.copy_, saved.tensor("good", shape, dtype, finite=True))
    # It may have run off to infinity where nothing followed it, and is only looked at.
    yield partial(session.engine.gradient.copy_, saved.tensor("gradient", shape, dtype))
    frozen = saved.tensor("frozen", shape, torch.bool).clone() if "frozen" in saved else None
    yield partial(session.set_frozen, frozen)


def _progress_state(run: DenseRun) -> State:
    numbers = {
        "epoch": run.epoch,
        "steps": run.steps,
        "position": run.position,
        "learned": run.learned_epoch,
        "since": run.samples_since,
        "diverged": run.divergence_note is not None,
        "batch_size": run.session.batches.size,
    }
    return State(
        numbers, {"scores": scores_tensor(run.scores), "order": run.session.batches.order.clone()}
    )


def _prepare_progress_restore(run: DenseRun, saved: StateReader, training: Training) -> RestoreStep:
    batches, order = run.session.batches, saved.order("order")
    same_batches = len(order) == batches.count and saved.integer("batch_size") == batches.size
    position = (
        saved.integer("position", max(0, len(run.session.programs) - 1)) if same_batches else 0
    )
    epoch = saved.integer("epoch")
    return partial(
        run.resume,
        epoch=epoch,
        steps=saved.integer("steps"),
        position=position,
        order=order.clone() if same_batches else batches.order,
        scores=read_scores(saved, "scores"),
        learned_epoch=saved.optional_integer("learned"),
        samples_since=saved.integer("since", epoch),
        divergence_note=diagnosis.diverged(epoch, training) if saved.boolean("diverged") else None,
    )


def _rng_state(session: TrainingSession) -> State:
    tensors = {"here": session.generator.get_state()}
    if _uses_global_rng(session):
        tensors["elsewhere"] = torch.get_rng_state()
    return State({}, tensors)


def _prepare_rng_restore(session: TrainingSession, saved: StateReader) -> Iterator[RestoreStep]:
    yield partial(session.generator.set_state, rng_state(saved, "here"))
    if _uses_global_rng(session) and "elsewhere" in saved:
        yield partial(torch.set_rng_state, rng_state(saved, "elsewhere"))


def _uses_global_rng(session: TrainingSession) -> bool:
    """Whether dropout draws from the generator that the whole process shares."""
    dropout = any(layer.dropout for layer in session.parameters.plan.layers)
    return dropout and isinstance(session.engine, AutogradEngine)
