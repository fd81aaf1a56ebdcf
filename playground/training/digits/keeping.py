"""Keeping a DigitTrainer: its state, its past, and the way back to both."""

from __future__ import annotations

from dataclasses import replace

from playground.errors import InputError
from playground.training.checked import Checked
from playground.training.digits.desk import Desk
from playground.training.digits.frame import ReaderFrame
from playground.training.digits.looking import LookBack, recall
from playground.training.digits.run import PARTS, ReaderRun
from playground.training.digits.run_state import reading_run, run_state
from playground.training.digits.snapshot import take
from playground.training.past import Memory
from playground.training.rewinding import Weights
from playground.training.state import State


class ReaderKeeper:
    """Keeps the run on a desk; see `Rewinding` for what each method does.

    Parameters
    ----------
    desk : Desk
    run : ReaderRun
        Caught up with all that has been wished.
    """

    def __init__(self, desk: Desk, run: ReaderRun) -> None:
        self._desk, self._run = desk, run

    def state(self, *, past: bool) -> State:
        """Copy the run out, once the step under way is done."""
        while not self._run.between_steps:
            self._run.work()
        self._run.check()
        return run_state(self._run, past=past)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        if self._desk.refusal is not None:
            raise InputError(self._desk.refusal.sentence)
        # All of it is checked before any of it is taken up.
        for step in list(reading_run(self._run, Checked(state))):
            step()
        self._desk.lessons.clear()

    def frame_at(self, then: Memory) -> ReaderFrame:
        """Look at the network as it was."""
        run, desk = self._run, self._desk
        now = take(run, desk.stages, desk.refusal)
        return self._look_back.frame(then, now, desk.refusal)

    def weights_at(self, then: Memory) -> Weights:
        """Copy out the weights of then."""
        return self._look_back.weights(then)

    def branch(self, then: Memory) -> None:
        """Go on from there."""
        if then not in self._run.past.memories:
            raise InputError("There is no such moment any more: the network is another one now.")
        _go_back(self._run, then, self.frame_at(then))
        self._desk.lessons.clear()

    @property
    def _look_back(self) -> LookBack:
        return self._desk.look_back(self._run)


def _go_back(run: ReaderRun, then: Memory, frame: ReaderFrame) -> None:
    """Take a run back to a moment that was looked at; the optimiser begins anew."""
    state, results = recall(run, then)
    run.learner.restore(state)
    run.learner.keep(state)
    run.learner.forget_steps()
    run.history.cut(then.moment.epoch)
    run.past.cut(then.moment)
    run.exam.forget()
    run.drill.begin(round(frame.progress * len(run.drill.pictures)))
    before = run.standing()
    run.stand(
        replace(
            before,
            epoch=frame.epoch,
            steps=frame.step,
            learned=frame.learned,
            trouble=None,
            under_way=run.drill.done > 0,
            examining=False,
            looked=round(frame.progress * PARTS),
            unseen=None,
            now=results,
            ended=results,
            mistakes=frame.mistakes,
            tiles_last_epoch=frame.tiles.last_epoch,
            answers=before.answers[:0],
            labels=before.labels[:0],
        )
    )
