"""Looking at a run as it was."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import numpy as np
from torch import Tensor

from playground.problems.problem import Floats
from playground.training.core.checkpointing import Weights
from playground.training.core.checkpoints import Checkpoint
from playground.training.core.notes import Note
from playground.training.core.state.tensor_packing import unpack
from playground.training.images.frame import ImageFrame, ImagePredictions, Tiles
from playground.training.images.frame_builder import notes
from playground.training.images.probes.probes import PROBE_COUNT, SAMPLE_COUNT
from playground.training.images.probes.weight_layers import tiles
from playground.training.images.run_progress import MAX_MISTAKES, EvaluationResults
from playground.training.images.training_run import ImageRun


class CheckpointViewer:
    """Sees with the eyes of then, through a copy of the network on memory of its own.

    A large network is given only the beginning of the panel: a piece of work, of some 20 ms.

    Parameters
    ----------
    run : ImageRun
    """

    def __init__(self, run: ImageRun) -> None:
        self._run = run
        self._network = copy.deepcopy(run.classifier.network).eval()
        piece = run.classifier.micro_batch
        limit = PROBE_COUNT if 2 * piece >= PROBE_COUNT else max(piece, SAMPLE_COUNT)
        self._probes = run.probes.with_network(self._network, limit)

    def frame(
        self, checkpoint: Checkpoint, now: ImageFrame, build_error: Note | None
    ) -> ImageFrame:
        """Take what has changed since then back to what it was."""
        run, info, probes = self._run, checkpoint.info, self._probes
        epoch, learned_epoch = int(info.epoch), now.learned_epoch
        last_epoch = self._tiles_at(self._last_epoch_end(epoch))
        tiles_then, results = self._tiles_at(checkpoint), unpack_checkpoint(run, checkpoint)[1]
        probes.update_now()
        frame = replace(
            now,
            epoch=epoch,
            step=info.step,
            progress=info.epoch - epoch,
            evaluating=False,
            train=info.train,
            test=info.test,
            tested_count=results.tested_count,
            confusion=results.confusion,
            rate=run.training.rate(epoch),
            tiles=Tiles(tiles_then, now.tiles.start, last_epoch),
            probe_set=probes.probe_set,
            points=probes.points,
            explained_variance=probes.explained_variance,
            samples=probes.samples,
            mistakes=_worst_mistakes(probes.probe_set),
            learned_epoch=learned_epoch
            if learned_epoch is not None and learned_epoch <= epoch
            else None,
            images_per_s=math.nan,
            epoch_seconds_left=math.nan,
            seconds_left=math.nan,
        )
        checkpoints = replace(frame, curves=frame.curves.until(info.epoch))
        return replace(frame, notes=notes(checkpoints, run, build_error))

    def weights(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of then out, by name; floating point numbers in single precision."""
        self._load_weights(checkpoint)
        return {
            name: (each.float() if each.is_floating_point() else each).numpy().copy()
            for name, each in self._network.state_dict().items()
        }

    def _load_weights(self, checkpoint: Checkpoint) -> None:
        """Give the copy the weights of then."""
        (flat, *buffers), _ = unpack_checkpoint(self._run, checkpoint)
        parameters = list(self._network.parameters())
        pieces = flat[0].split([each.numel() for each in parameters])
        for parameter, piece in zip(parameters, pieces, strict=True):
            parameter.copy_(piece.view(parameter.shape))
        for buffer, value in zip(self._network.buffers(), buffers, strict=True):
            buffer.copy_(value)

    def _last_epoch_end(self, epoch: int) -> Checkpoint | None:
        """Find the end of an epoch, or the last moment before it that is kept."""
        entries = [each for each in self._run.checkpoints.entries if each.info.epoch <= epoch]
        return entries[-1] if entries else None

    def _tiles_at(self, checkpoint: Checkpoint | None) -> Floats:
        if checkpoint is None:
            return self._run.tiles_start
        self._load_weights(checkpoint)
        return tiles(self._network)


def unpack_checkpoint(
    run: ImageRun, checkpoint: Checkpoint
) -> tuple[list[Tensor], EvaluationResults]:
    """Copy out the state of the learner at a moment, and the results of then."""
    *state, tested_count, confusion = unpack(checkpoint.row, run.checkpoint_tensors)
    scores = checkpoint.info.train, checkpoint.info.test
    return state, EvaluationResults(scores, int(tested_count), confusion.numpy())


def _worst_mistakes(probe_set: ImagePredictions) -> ImagePredictions:
    """Pick the wrong answers that were given with the most confidence."""
    wrong = np.flatnonzero(probe_set.predicted != probe_set.labels)
    worst = wrong[np.argsort(-probe_set.confidence[wrong], kind="stable")[:MAX_MISTAKES]]
    return ImagePredictions(
        probe_set.pictures[worst], probe_set.labels[worst], probe_set.probabilities[worst]
    )
