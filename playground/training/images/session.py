"""The training session of an image classifier: its progress, piece by piece."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, partial

import numpy.typing as npt
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.classifiers import summarise_layers
from playground.problems.image_datasets import LoadedDataset
from playground.training.core.metrics import Score
from playground.training.core.notes import Note
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.sessions.session_kind import Weights
from playground.training.core.state.checkpoints_state import RowFormat
from playground.training.core.state.rng_state import rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.engines import Penalties
from playground.training.images.checkpoints.checkpoint_viewer import (
    CheckpointViewer,
    checkpoint_row_format,
    unpack_checkpoint,
)
from playground.training.images.checkpoints.weight_path import (
    ImageWeightPath,
    load_row,
    packed_row,
    weight_path,
)
from playground.training.images.classifier.classifier_state import (
    classifier_state,
    prepare_classifier_restore,
    uses_global_rng,
)
from playground.training.images.corrections.correction import Correction
from playground.training.images.corrections.corrections import Corrections
from playground.training.images.corrections.fine_tuning import fine_tune
from playground.training.images.data.image_data import to_images
from playground.training.images.frame import ImageFrame, Tiles
from playground.training.images.frame_notes import frame_notes
from playground.training.images.probes.weight_layers import tiles
from playground.training.images.progress import (
    ImageProgress,
    progress_state,
    read_progress,
)
from playground.training.images.settings import ImageSettings
from playground.training.images.training_loop import (
    INITIAL_SCORE_SIZE,
    RECORDS_PER_EPOCH,
    ImageTrainingLoop,
)

SHOWN_COUNT = 16
"""Training images that a frame shows as they were augmented last."""


class ImageSession(ImageTrainingLoop):
    """One run of training of an image classifier; see `TrainingSession`.

    Adds corrections, frames and states to the loop that trains.

    Parameters
    ----------
    network : nn.Module
    images : LoadedDataset
    settings : ImageSettings

    Attributes
    ----------
    stages : tuple of LayerSummary
        The layers of the network.
    build_error : Note or None
        Why the network that is requested by now can't be built; this one is trained on.
    """

    state_kind = "reader"

    def __init__(self, network: nn.Module, images: LoadedDataset, settings: ImageSettings) -> None:
        super().__init__(network, images, settings)
        self.stages = summarise_layers(self.classifier.shared_copy())
        self.build_error: Note | None = None
        self._taught: list[tuple[Correction, list[Tensor]]] = []

    @cached_property
    def model(self) -> nn.Module:
        """A module in evaluation mode on the memory that is being trained."""
        return self.classifier.shared_copy()

    # Corrections --------------------------------------------------------------------------------

    def teach(self, corrections: Corrections, picture: npt.ArrayLike, label: int) -> bool:
        """Add a correction and train on it; see `ImageTrainer.teach`."""
        classes = self.images.classes
        if not 0 <= label < len(classes):
            raise InputError(f"A label is a number from 0 to {len(classes) - 1}, not {label}.")
        before = self.classifier.state()
        correction = corrections.add(picture, label, classes[label])
        self._taught.append((correction, before))
        known = fine_tune(
            self.classifier,
            self.batches,
            self.settings.training,
            self.settings.augmentation,
            *corrections.for_classes(classes),
        )
        self.reevaluate()
        return known

    def undo(self, corrections: Corrections) -> bool:
        """Undo the last `teach`, if there was one; see `ImageTrainer.undo`."""
        if not self._taught:
            return False
        correction, before = self._taught.pop()
        corrections.remove(correction)
        self.classifier.restore(before)
        self.classifier.reset_optimiser()
        self.reevaluate()
        return True

    # Checkpoints and frames ---------------------------------------------------------------------

    def branch(self, checkpoint: Checkpoint) -> None:
        """Go back to a checkpoint; see `TrainingSession.branch`.

        Raises
        ------
        InputError
            If it is one of another session.
        """
        if checkpoint not in self.checkpoints.entries:
            raise InputError("There is no such moment any more: the network is another one now.")
        super().branch(checkpoint)
        self._taught.clear()

    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Make the weights of a checkpoint the present ones; the optimiser begins anew."""
        frame, classifier = self.frame_at(checkpoint), self.classifier
        tensors, results = unpack_checkpoint(classifier, checkpoint)
        classifier.restore(tensors)
        classifier.save_good_state(tensors)
        classifier.reset_optimiser()
        self.evaluator.invalidate()
        self.batches.shuffle(round(frame.progress * len(self.batches.pictures)))
        self.running_metrics.clear()
        self.resume_epoch(
            ImageProgress(
                results,
                results,
                frame.mistakes,
                self.progress.tiles_start,
                frame.tiles.last_epoch,
                epoch_started=self.batches.position > 0,
                parts_recorded=round(frame.progress * RECORDS_PER_EPOCH),
            )
        )

    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint, named as in `state_dict()`."""
        return self._checkpoint_viewer.weights(checkpoint)

    def frame(self) -> ImageFrame:
        """Make a frame of the present; what takes long to compute is updated for the next ones."""
        self.probes_requested = True
        frame = self._build_frame()
        return replace(frame, notes=self._notes(frame, self.build_error, self.divergence_note))

    def frame_at(self, checkpoint: Checkpoint) -> ImageFrame:
        """Make a frame of a checkpoint."""
        epoch = int(checkpoint.info.epoch)
        earlier = [each for each in self.checkpoints.entries if each.info.epoch <= epoch]
        last_epoch = earlier[-1] if earlier else None
        frame = self._checkpoint_viewer.frame(checkpoint, self._build_frame(), last_epoch)
        frame = replace(
            frame,
            rate=self.settings.training.rate(epoch, checkpoint.info.plateau),
            learned_epoch=self.learned_epoch_at(epoch),
        )
        until_then = replace(frame, curves=frame.curves.until(checkpoint.info.epoch))
        return replace(frame, notes=self._notes(until_then, self.build_error))

    def weight_path(self, checkpoint: Checkpoint | None) -> ImageWeightPath:
        """Copy the weights of a checkpoint, or of the present, and the way of the whole run."""
        training, images = self.settings.training, self.batches.pictures
        return weight_path(
            self.classifier,
            images,
            self.checkpoints.entries,
            checkpoint,
            self.epoch,
            Penalties(training.l1, training.l2),
        )

    def set_weights(self, row: Tensor) -> None:
        """Load a row of a weight path; the optimiser begins anew.

        Raises
        ------
        InputError
            If it is one of another network, or not finite.
        """
        now = packed_row(self.classifier.tensors)
        if row.shape != now.shape or not row.isfinite().all():
            raise InputError(f"This network has {len(now):,} weights, all finite.")
        load_row(row, self.classifier.tensors)
        self.classifier.engine.gradient.zero_()
        self.classifier.reset_optimiser()
        self.running_metrics.clear()
        inputs, labels = self.batches.sample(INITIAL_SCORE_SIZE)
        train = Score(*self.classifier.score(self.classifier.eval_network(inputs), labels))
        self._update_results(train)
        self.reevaluate()
        self.save_good_weights()
        self.comparability.start(train.loss)

    @cached_property
    def _checkpoint_viewer(self) -> CheckpointViewer:
        return CheckpointViewer(self.classifier, self.probes)

    def _build_frame(self) -> ImageFrame:
        """Make a frame without notes, at the cost of a copy of the first layer."""
        progress, probes, results = self.progress, self.probes, self.progress.results
        weights = tiles(self.classifier.network)
        return ImageFrame(
            epoch=self.epoch,
            step=self.steps,
            progress=1 - self.remaining / len(self.batches.pictures),
            evaluating=progress.evaluating,
            images_per_s=self.throughput.per_second,
            epoch_seconds_left=self.throughput.seconds_for(self.remaining),
            seconds_left=self._seconds_left,
            classes=self.images.classes,
            stages=self.stages,
            train=results.scores[0],
            test=results.scores[1],
            tested_count=results.tested_count,
            curves=self.history.curves(),
            rate=self.rate,
            confusion=results.confusion,
            tiles=Tiles(weights, progress.tiles_start, progress.tiles_last_epoch),
            probe_set=probes.probe_set,
            points=probes.points,
            explained_variance=probes.explained_variance,
            samples=probes.samples,
            mistakes=progress.mistakes,
            augmented_inputs=to_images(self.batches.last_inputs[:SHOWN_COUNT]).numpy(),
            learned_epoch=self.learned_epoch,
            comparable_since=self.comparability.since,
            steady_since=self.comparability.steady_since,
        )

    def _notes(self, frame: ImageFrame, *errors: Note | None) -> tuple[Note, ...]:
        settings = self.settings
        augmentation = settings.augmentation
        are_varied = augmentation is not None and augmentation.untouched < 1
        return frame_notes(
            frame, settings.training, self.images.remark, *errors, are_varied=are_varied
        )

    @property
    def _seconds_left(self) -> float:
        """Seconds until `Training.stop_epoch`; NaN where none is set."""
        end = self.settings.training.stop_epoch
        if end is None:
            return math.nan
        images = self.remaining + (end - self.epoch - 1) * len(self.batches.pictures)
        return self.throughput.seconds_for(max(0, images))

    # State --------------------------------------------------------------------------------------

    @property
    def row_format(self) -> RowFormat:
        """Which rows of checkpoints are valid."""
        return checkpoint_row_format(self.classifier)

    def restore(self, state: State) -> None:
        """Go on from a state; see `TrainingSession.restore`."""
        if self.build_error is not None:
            raise InputError(self.build_error.sentence)
        super().restore(state)
        self._taught.clear()

    def state_parts(self) -> dict[str, State]:
        """Copy progress, classifier, batches, evaluation and random generators."""
        parts = {
            "network": classifier_state(self.classifier, self.state_kind),
            "standing": self._progress_state(),
            "drill": self.batches.state(),
            "exam": self.evaluator.state(),
        }
        if uses_global_rng(self.classifier.network):
            parts["chance"] = State({}, {"elsewhere": torch.get_rng_state()})
        return parts

    def prepare_parts_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check what `state_parts` made, and yield the steps that restore it."""
        yield from prepare_classifier_restore(saved.part("network"), self.classifier)
        yield self.batches.prepare_restore(saved.part("drill"))
        yield self.evaluator.prepare_restore(saved.part("exam"))
        yield from self._prepare_progress_restore(saved)
        global_rng = saved.part("chance")
        if uses_global_rng(self.classifier.network) and "elsewhere" in global_rng:
            yield partial(torch.set_rng_state, rng_state(global_rng, "elsewhere"))

    def _progress_state(self) -> State:
        shared, own = self.progress_numbers(), progress_state(self.progress)
        outputs = self.running_metrics.state()
        return State({**shared, **own.numbers}, {**own.tensors, **outputs.tensors})

    def _prepare_progress_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check the progress; with other images than now, the epoch under way begins anew."""
        own_progress = saved.part("standing")
        yield self.prepare_progress_restore(own_progress)
        yield self.running_metrics.prepare_restore(own_progress)
        progress = read_progress(own_progress, self.progress)
        if not self.batches.matches(saved.part("drill")):
            progress.epoch_started = progress.evaluating = False
            yield self.running_metrics.clear
        if not (progress.epoch_started and self.evaluator.matches(saved.part("exam"))):
            progress.pending = None
        if progress.pending is not None and progress.pending > len(self.images.test):
            raise own_progress.invalid("unseen", "is more than there is to look at")
        yield partial(self.resume_epoch, progress)
