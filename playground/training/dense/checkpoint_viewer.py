"""Looking at a network as it is, and as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from playground.networks.dense.forward import outputs
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan
from playground.problems.problem import Floats
from playground.training.core import diagnosis
from playground.training.core.checkpoints import Checkpoint, CheckpointInfo
from playground.training.core.notes import Note
from playground.training.dense.batches import Batches
from playground.training.dense.frame import Frame
from playground.training.dense.frame_builder import build_frame
from playground.training.dense.session import TrainingSession
from playground.training.dense.training_data import TrainingData
from playground.training.dense.training_run import DenseRun
from playground.training.engines import Engine, make_engine
from playground.training.training import Training

ProbeInputs = Mapping[str, Floats]


def current_frame(run: DenseRun, training: Training, probe_inputs: ProbeInputs) -> Frame:
    """Look at a run as it is."""
    session = run.session
    now = CheckpointInfo(run.epoch, run.steps, *run.scores)
    frame = _build(
        run, session.data, session.parameters, session.engine, now, training, probe_inputs
    )
    divergence_note = () if run.divergence_note is None else (run.divergence_note,)
    return replace(
        frame, notes=divergence_note + _notes(frame, run, training), samples_since=run.samples_since
    )


def checkpoint_frame(
    run: DenseRun, checkpoint: Checkpoint, training: Training, probe_inputs: ProbeInputs
) -> Frame:
    """Look at a run as it was; see `Checkpointing.frame_at`."""
    parameters, session = checkpoint_parameters(checkpoint), run.session
    data = session.data_for(parameters.plan)
    engine = _full_batch_engine(session, data, parameters)
    # The problem may have changed since: what is seen is judged by what is seen with it.
    train, test = data.scores(engine.loss, outputs(parameters, data.all_inputs))
    info = replace(checkpoint.info, train=train, test=test)
    frame = _build(run, data, parameters, engine, info, training, probe_inputs)
    past_frame = replace(frame, curves=frame.curves.until(frame.epoch))
    return replace(frame, notes=_notes(past_frame, run, training))


def checkpoint_parameters(checkpoint: Checkpoint) -> Parameters:
    """Make a network of what is kept of a moment."""
    assert checkpoint.plan is not None
    parameters = Parameters(checkpoint.plan)
    parameters.values.copy_(checkpoint.row)
    return parameters


def _build(
    run: DenseRun,
    data: TrainingData,
    parameters: Parameters,
    engine: Engine,
    info: CheckpointInfo,
    training: Training,
    probe_inputs: ProbeInputs,
) -> Frame:
    epoch, learned_epoch = int(info.epoch), run.learned_epoch
    return build_frame(
        data,
        parameters,
        engine,
        epoch=epoch,
        step=info.step,
        scores=(info.train, info.test),
        rate=training.rate(epoch),
        curves=run.curves(),
        learned_epoch=learned_epoch
        if learned_epoch is not None and learned_epoch <= epoch
        else None,
        probe_inputs=probe_inputs,
    )


def _notes(frame: Frame, run: DenseRun, training: Training) -> tuple[Note, ...]:
    return diagnosis.notes(frame, training, run.session.data.spec.remark)


def _full_batch_engine(
    session: TrainingSession, data: TrainingData, parameters: Parameters
) -> Engine:
    """Work out the gradient of all training samples at once; nothing is dropped out."""
    whole = Parameters(_without_dropout(parameters.plan))
    whole.values.copy_(parameters.values)
    engine = make_engine("fast", whole, session.engine.loss)
    engine.frozen = _frozen(session, parameters.plan)
    train, unused = data.train, torch.Generator()
    for window in Batches(train.inputs, train.targets, max(1, len(train)), unused).windows:
        for call in engine.program(window):
            call()
    return engine


def _without_dropout(plan: Plan) -> Plan:
    return replace(plan, layers=tuple(replace(layer, dropout=0.0) for layer in plan.layers))


def _frozen(session: TrainingSession, plan: Plan) -> Tensor | None:
    """What is held fast at present, where the network is the same."""
    return session.frozen if plan == session.parameters.plan else None
