"""Keeping a ImageTrainer: its state, its past, and the way back to both."""

from __future__ import annotations

from dataclasses import replace

from playground.errors import InputError
from playground.training.core.checkpointing import Weights
from playground.training.core.checkpoints import Checkpoint
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import StateReader
from playground.training.images.checkpoint_viewer import CheckpointViewer, unpack_checkpoint
from playground.training.images.frame import ImageFrame
from playground.training.images.frame_builder import build_frame
from playground.training.images.run_state import prepare_run_restore, run_state
from playground.training.images.session import TrainingSession
from playground.training.images.training_run import RECORDS_PER_EPOCH, ImageRun


class ImageCheckpointOperations:
    """Keeps the run on a desk; see `Checkpointing` for what each method does.

    Parameters
    ----------
    session : TrainingSession
    run : ImageRun
        Caught up with all that has been wished.
    """

    def __init__(self, session: TrainingSession, run: ImageRun) -> None:
        self._session, self._run = session, run

    def state(self, *, checkpoints: bool) -> State:
        """Copy the run out, once the step under way is done."""
        while not self._run.between_steps:
            self._run.run_next_piece()
        self._run.restore_if_diverged()
        return run_state(self._run, checkpoints=checkpoints)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        if self._session.build_error is not None:
            raise InputError(self._session.build_error.sentence)
        # All of it is checked before any of it is taken up.
        for step in list(prepare_run_restore(self._run, StateReader(state))):
            step()
        self._session.taught.clear()

    def frame_at(self, checkpoint: Checkpoint) -> ImageFrame:
        """Look at the network as it was."""
        run, session = self._run, self._session
        now = build_frame(run, session.stages, session.build_error)
        return self._checkpoint_viewer.frame(checkpoint, now, session.build_error)

    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy out the weights of then."""
        return self._checkpoint_viewer.weights(checkpoint)

    def branch(self, checkpoint: Checkpoint) -> None:
        """Go on from there."""
        if checkpoint not in self._run.checkpoints.entries:
            raise InputError("There is no such moment any more: the network is another one now.")
        _rewind(self._run, checkpoint, self.frame_at(checkpoint))
        self._session.taught.clear()

    @property
    def _checkpoint_viewer(self) -> CheckpointViewer:
        return self._session.checkpoint_viewer(self._run)


def _rewind(run: ImageRun, checkpoint: Checkpoint, frame: ImageFrame) -> None:
    """Take a run back to a moment that was looked at; the optimiser begins anew."""
    state, results = unpack_checkpoint(run, checkpoint)
    run.classifier.restore(state)
    run.classifier.save_good_state(state)
    run.classifier.reset_optimiser()
    run.history.truncate(checkpoint.info.epoch)
    run.checkpoints.truncate(checkpoint.info)
    run.evaluator.invalidate()
    run.batches.shuffle(round(frame.progress * len(run.batches.pictures)))
    before = run.run_progress()
    run.resume(
        replace(
            before,
            epoch=frame.epoch,
            steps=frame.step,
            learned_epoch=frame.learned_epoch,
            divergence_note=None,
            epoch_started=run.batches.position > 0,
            evaluating=False,
            parts_recorded=round(frame.progress * RECORDS_PER_EPOCH),
            pending=None,
            now=results,
            at_epoch_end=results,
            mistakes=frame.mistakes,
            tiles_last_epoch=frame.tiles.last_epoch,
            answers=before.answers[:0],
            labels=before.labels[:0],
        )
    )
