"""The loop of training: runs a session's pieces of work until a budget is spent."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from playground.training.core.sessions.session import TrainingSession


def run_slice(
    session: TrainingSession[Any, Any], seconds: float, epochs: float, steps: float
) -> int:
    """Train until a budget is spent, or training pauses itself.

    Parameters
    ----------
    session : TrainingSession
    seconds : float
        Wall-clock time. The piece of work under way is finished.
    epochs, steps : float
        Epochs to be finished, evaluation included, and optimiser steps.

    Returns
    -------
    int
        Steps finished.
    """
    begun = perf_counter()
    deadline, first_step, last_epoch = begun + seconds, session.steps, session.epoch + epochs
    session.paused_by, must_run = None, session.runs_at_least_once
    if session.can_train:
        while session.epoch < last_epoch:
            if session.steps - first_step >= steps and not session.evaluating:
                break
            if session.paused_by or (perf_counter() >= deadline and not must_run):
                break
            session.run_next_piece()
            must_run = False
    session.restore_if_diverged()
    session.on_slice_end(perf_counter() - begun, seconds)
    return session.steps - first_step
