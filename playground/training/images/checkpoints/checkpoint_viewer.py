"""The rows of checkpoints, and the network of a checkpoint for frames of it."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from playground.problems.problem import Floats
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.sessions.session_kind import Weights
from playground.training.core.state.checkpoints_state import RowFormat
from playground.training.core.state.tensor_packing import pack, packed_size, unpack
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.frame import ImageFrame, ImagePredictions, Tiles
from playground.training.images.probes.probes import PROBE_COUNT, SAMPLE_COUNT, Probes
from playground.training.images.probes.weight_layers import tiles
from playground.training.images.progress import MAX_MISTAKES, EvaluationResults


class CheckpointViewer:
    """Packs checkpoints, and makes frames of them with a copy of the network.

    For a large network the probe set is only the beginning of the usual one: as many images as
    one piece of work has, some 20 ms.

    Parameters
    ----------
    classifier : TrainableClassifier
    probes : Probes
    """

    def __init__(self, classifier: TrainableClassifier, probes: Probes) -> None:
        self._classifier = classifier
        self._network = copy.deepcopy(classifier.network).eval()
        piece = classifier.micro_batch
        limit = PROBE_COUNT if 2 * piece >= PROBE_COUNT else max(piece, SAMPLE_COUNT)
        self._probes = probes.with_network(self._network, limit)

    def frame(
        self, checkpoint: Checkpoint, now: ImageFrame, last_epoch: Checkpoint | None
    ) -> ImageFrame:
        """Return the frame of a checkpoint.

        Parameters
        ----------
        checkpoint : Checkpoint
        now : ImageFrame
            Of the present; whatever does not change from epoch to epoch is taken from it.
        last_epoch : Checkpoint or None
            The end of the epoch before, or the last one before that which is kept.
        """
        info, probes = checkpoint.info, self._probes
        tiles_start = now.tiles.start
        tiles_last_epoch = tiles_start if last_epoch is None else self._tiles(last_epoch)
        tiles_then = self._tiles(checkpoint)
        results = unpack_checkpoint(self._classifier, checkpoint)[1]
        probes.update_now()
        return replace(
            now,
            epoch=int(info.epoch),
            step=info.step,
            progress=info.epoch - int(info.epoch),
            evaluating=False,
            train=info.train,
            test=info.test,
            tested_count=results.tested_count,
            confusion=results.confusion,
            tiles=Tiles(tiles_then, tiles_start, tiles_last_epoch),
            probe_set=probes.probe_set,
            points=probes.points,
            explained_variance=probes.explained_variance,
            samples=probes.samples,
            mistakes=_worst_mistakes(probes.probe_set),
            images_per_s=math.nan,
            epoch_seconds_left=math.nan,
            seconds_left=math.nan,
        )

    def weights(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint by name; floating point numbers in single precision."""
        self._load_weights(checkpoint)
        return {
            name: (each.float() if each.is_floating_point() else each).numpy().copy()
            for name, each in self._network.state_dict().items()
        }

    def _load_weights(self, checkpoint: Checkpoint) -> None:
        """Load the weights of a checkpoint into the copy of the network."""
        (flat, *buffers), _ = unpack_checkpoint(self._classifier, checkpoint)
        parameters = list(self._network.parameters())
        pieces = flat[0].split([each.numel() for each in parameters])
        for parameter, piece in zip(parameters, pieces, strict=True):
            parameter.copy_(piece.view(parameter.shape))
        for buffer, value in zip(self._network.buffers(), buffers, strict=True):
            buffer.copy_(value)

    def _tiles(self, checkpoint: Checkpoint) -> Floats:
        self._load_weights(checkpoint)
        return tiles(self._network)


def pack_checkpoint(classifier: TrainableClassifier, results: EvaluationResults) -> Tensor:
    """Copy the tensors of a classifier, and results on test images, as uint8 of one dimension."""
    tested_count, confusion = torch.tensor([results.tested_count]), results.confusion
    return pack([*classifier.tensors, tested_count, torch.from_numpy(confusion)])


def unpack_checkpoint(
    classifier: TrainableClassifier, checkpoint: Checkpoint
) -> tuple[list[Tensor], EvaluationResults]:
    """Copy the tensors of a classifier at a checkpoint, and the results of then."""
    *tensors, tested_count, confusion = unpack(checkpoint.row, _row_tensors(classifier))
    scores = checkpoint.info.train, checkpoint.info.test
    return tensors, EvaluationResults(scores, int(tested_count), confusion.numpy())


def checkpoint_row_format(classifier: TrainableClassifier) -> RowFormat:
    """Return which rows `pack_checkpoint` can have made."""
    like = _row_tensors(classifier)
    return RowFormat(
        torch.uint8, packed_size(like), lambda row: bool(unpack(row, like)[0].isfinite().all())
    )


def _row_tensors(classifier: TrainableClassifier) -> list[Tensor]:
    """Return tensors of the shapes and dtypes of those in a row."""
    classes, integer = classifier.classes, torch.int64
    return [
        *classifier.tensors,
        torch.zeros(1, dtype=integer),
        torch.zeros(classes, classes, dtype=integer),
    ]


def _worst_mistakes(probe_set: ImagePredictions) -> ImagePredictions:
    """Return the wrong predictions with the most confidence."""
    wrong = np.flatnonzero(probe_set.predicted != probe_set.labels)
    worst = wrong[np.argsort(-probe_set.confidence[wrong], kind="stable")[:MAX_MISTAKES]]
    return ImagePredictions(
        probe_set.pictures[worst], probe_set.labels[worst], probe_set.probabilities[worst]
    )
