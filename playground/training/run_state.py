"""The state of a Run: all that decides what comes next, beside the settings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch

from playground.training import diagnosis
from playground.training.chance import chance
from playground.training.checked import Checked, Step, brief, joined
from playground.training.engines import AutogradEngine
from playground.training.parts import (
    optimiser_state,
    read_kind,
    read_scores,
    reading_optimiser,
    scores_row,
)
from playground.training.run import Run
from playground.training.state import State
from playground.training.training import Training
from playground.training.workbench import Workbench
from playground.training.written_past import Rows, reading_past, written_past
from playground.training.written_plan import read, written

KIND = "dense network"
_ROWS = Rows(torch.float32, None, lambda row: bool(row.isfinite().all()))


def run_state(run: Run, *, past: bool) -> State:
    """Copy a run out, with or without the moments to go back to."""
    parts = {
        "progress": _progress(run),
        "network": _network(run),
        "chance": _chance(run.bench),
        "history": run.history.state(),
        "optimiser": optimiser_state(run.bench.optimiser),
    }
    if past:
        parts["past"] = written_past(run.past, _ROWS)
    return joined(**parts)


def reading_run(run: Run, given: Checked, training: Training) -> Iterator[Step]:
    """Check what `run_state` made; the steps that take it up are to be taken in this order.

    Raises
    ------
    InputError
        If it is no state of such a network.
    """
    bench = run.bench
    yield from _reading_network(run, given.part("network"))
    yield _reading_progress(run, given.part("progress"), training)
    yield from _reading_chance(bench, given.part("chance"))
    yield run.history.reading(given.part("history"))
    yield reading_optimiser(given.part("optimiser"), bench.optimiser, bench.forget_steps)
    moments = given.part("past")
    if "pace" in moments:
        yield reading_past(moments, run.past, 1, _ROWS)
    else:
        yield run.remember_only_now


def _network(run: Run) -> State:
    bench = run.bench
    tensors = {
        "weights": bench.parameters.values.clone(),
        "good": run.good.clone(),
        "gradient": bench.engine.gradient.clone(),
    }
    if bench.frozen is not None:
        tensors["frozen"] = bench.frozen.clone()
    return State({"kind": KIND, "plan": written(bench.parameters.plan)}, tensors)


def _reading_network(run: Run, given: Checked) -> Iterator[Step]:
    read_kind(given, KIND)
    bench, plan = run.bench, read(given, "plan")
    now = bench.parameters.plan
    if (plan.features, plan.widths) != (now.features, now.widths):
        raise given.refusal(
            "plan",
            f"is that of a network of {plan.widths} units on {brief(plan.features)}, "
            f"but one of {now.widths} on {now.features} is asked for",
        )
    shape, dtype = (1, plan.size), torch.float32
    yield partial(bench.parameters.values.copy_, given.tensor("weights", shape, dtype, finite=True))
    yield partial(run.good.copy_, given.tensor("good", shape, dtype, finite=True))
    # It may have run off to infinity where nothing followed it, and is only looked at.
    yield partial(bench.engine.gradient.copy_, given.tensor("gradient", shape, dtype))
    frozen = given.tensor("frozen", shape, torch.bool).clone() if "frozen" in given else None
    yield partial(bench.hold, frozen)


def _progress(run: Run) -> State:
    numbers = {
        "epoch": run.epoch,
        "steps": run.steps,
        "position": run.position,
        "learned": run.learned,
        "since": run.since,
        "diverged": run.trouble is not None,
        "batch_size": run.bench.batches.size,
    }
    return State(
        numbers, {"scores": scores_row(run.scores), "order": run.bench.batches.order.clone()}
    )


def _reading_progress(run: Run, given: Checked, training: Training) -> Step:
    batches, order = run.bench.batches, given.order("order")
    alike = len(order) == batches.count and given.whole("batch_size") == batches.size
    position = given.whole("position", max(0, len(run.bench.programs) - 1)) if alike else 0
    epoch = given.whole("epoch")
    return partial(
        run.resume,
        epoch=epoch,
        steps=given.whole("steps"),
        position=position,
        order=order.clone() if alike else batches.order,
        scores=read_scores(given, "scores"),
        learned=given.whole_or_none("learned"),
        since=given.whole("since", epoch),
        trouble=diagnosis.diverged(epoch, training) if given.truth("diverged") else None,
    )


def _chance(bench: Workbench) -> State:
    tensors = {"here": bench.generator.get_state()}
    if _draws_elsewhere(bench):
        tensors["elsewhere"] = torch.get_rng_state()
    return State({}, tensors)


def _reading_chance(bench: Workbench, given: Checked) -> Iterator[Step]:
    yield partial(bench.generator.set_state, chance(given, "here"))
    if _draws_elsewhere(bench) and "elsewhere" in given:
        yield partial(torch.set_rng_state, chance(given, "elsewhere"))


def _draws_elsewhere(bench: Workbench) -> bool:
    """Whether dropout draws from the generator that the whole process shares."""
    dropout = any(layer.dropout for layer in bench.parameters.plan.layers)
    return dropout and isinstance(bench.engine, AutogradEngine)
