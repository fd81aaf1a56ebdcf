"""Looking at a network as it is, and as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from playground.networks.forward import outputs
from playground.networks.parameters import Parameters
from playground.networks.plan import Plan
from playground.problems.problem import Floats
from playground.training import diagnosis
from playground.training.batches import Batches
from playground.training.engines import Engine, make_engine
from playground.training.frame import Frame, Note
from playground.training.lesson import Lesson
from playground.training.past import Memory, Moment
from playground.training.run import Run
from playground.training.snapshot import take
from playground.training.training import Training
from playground.training.workbench import Workbench

Questions = Mapping[str, Floats]


def frame_now(run: Run, training: Training, questions: Questions) -> Frame:
    """Look at a run as it is."""
    bench = run.bench
    now = Moment(run.epoch, run.steps, *run.scores)
    frame = _taken(run, bench.lesson, bench.parameters, bench.engine, now, training, questions)
    trouble = () if run.trouble is None else (run.trouble,)
    return replace(frame, notes=trouble + _notes(frame, run, training), since=run.since)


def frame_then(run: Run, then: Memory, training: Training, questions: Questions) -> Frame:
    """Look at a run as it was; see `Rewinding.frame_at`."""
    parameters, bench = parameters_of(then), run.bench
    lesson = bench.lesson_for(parameters.plan)
    engine = _engine(bench, lesson, parameters)
    # The problem may have changed since: what is seen is judged by what is seen with it.
    train, test = lesson.scores(engine.loss, outputs(parameters, lesson.both))
    moment = replace(then.moment, train=train, test=test)
    frame = _taken(run, lesson, parameters, engine, moment, training, questions)
    past = replace(frame, curves=frame.curves.until(frame.epoch))
    return replace(frame, notes=_notes(past, run, training))


def parameters_of(then: Memory) -> Parameters:
    """Make a network of what is kept of a moment."""
    assert then.plan is not None
    parameters = Parameters(then.plan)
    parameters.values.copy_(then.row)
    return parameters


def _taken(
    run: Run,
    lesson: Lesson,
    parameters: Parameters,
    engine: Engine,
    moment: Moment,
    training: Training,
    questions: Questions,
) -> Frame:
    epoch, learned = int(moment.epoch), run.learned
    return take(
        lesson,
        parameters,
        engine,
        epoch=epoch,
        step=moment.step,
        scores=(moment.train, moment.test),
        rate=training.rate(epoch),
        curves=run.curves(),
        learned=learned if learned is not None and learned <= epoch else None,
        questions=questions,
    )


def _notes(frame: Frame, run: Run, training: Training) -> tuple[Note, ...]:
    return diagnosis.notes(frame, training, run.bench.lesson.subject.remark)


def _engine(bench: Workbench, lesson: Lesson, parameters: Parameters) -> Engine:
    """Work out the gradient of all training samples at once; nothing is dropped out."""
    whole = Parameters(_without_dropout(parameters.plan))
    whole.values.copy_(parameters.values)
    engine = make_engine("fast", whole, bench.engine.loss)
    engine.frozen = _frozen(bench, parameters.plan)
    train, unused = lesson.train, torch.Generator()
    for window in Batches(train.inputs, train.targets, max(1, len(train)), unused).windows:
        for call in engine.program(window):
            call()
    return engine


def _without_dropout(plan: Plan) -> Plan:
    return replace(plan, layers=tuple(replace(layer, dropout=0.0) for layer in plan.layers))


def _frozen(bench: Workbench, plan: Plan) -> Tensor | None:
    """What is held fast at present, where the network is the same."""
    return bench.frozen if plan == bench.parameters.plan else None
