"""The steps, epochs and evaluations of an image classifier, in small pieces of work."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems.image_datasets import LoadedDataset
from playground.problems.latest_result import LatestResult
from playground.training.core.metrics import Score, Scores
from playground.training.core.optimisers import Optimiser
from playground.training.core.sessions.session import TrainingSession
from playground.training.images.checkpoints.checkpoint_viewer import (
    pack_checkpoint,
)
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.corrections.corrections import Corrections
from playground.training.images.data.batches import ImageBatches
from playground.training.images.data.image_data import ImageData
from playground.training.images.evaluation.evaluator import ESTIMATE_WINDOW, Evaluator
from playground.training.images.evaluation.running_metrics import RunningMetrics
from playground.training.images.frame import ImageFrame
from playground.training.images.performance.thread_count import use_one_thread
from playground.training.images.performance.throughput import Throughput
from playground.training.images.probes.probes import Probes
from playground.training.images.probes.weight_layers import tiles
from playground.training.images.progress import (
    MAX_MISTAKES,
    EvaluationResults,
    ImageProgress,
)
from playground.training.images.settings import ImageSettings

RECORDS_PER_EPOCH = 12
"""Rows of the history, and checkpoints, for each epoch."""
LEARNED_ACCURACY = 0.97
"""Accuracy on the test images from which the task counts as learned."""
INITIAL_SCORE_SIZE = 200
"""Training images that the score before the first step is computed from."""
MAX_OVERRUN_SECONDS = 0.25
"""Seconds over budget after which several threads are given up: other work needs the cores."""


class ImageTrainingLoop(TrainingSession[ImageSettings, ImageFrame]):
    """Trains an image classifier, and evaluates it; see `TrainingSession`. Autograd must be off.

    A piece of work is a part of an optimiser step, of an evaluation or of an update of the
    probes, small enough for the clock to be watched in between.

    Parameters
    ----------
    network : nn.Module
    images : LoadedDataset
    settings : ImageSettings

    Attributes
    ----------
    classifier : TrainableClassifier
    batches : ImageBatches
    evaluator : Evaluator
    probes : Probes
    running_metrics : RunningMetrics
    throughput : Throughput
    progress : ImageProgress
    probes_requested : bool
        Whether the probes are to be updated when time allows.
    """

    records_per_epoch = RECORDS_PER_EPOCH
    runs_at_least_once = True

    def __init__(self, network: nn.Module, images: LoadedDataset, settings: ImageSettings) -> None:
        super().__init__()
        self.images, self.settings = images, settings
        self.classifier = TrainableClassifier(
            network, settings.training, images.train.labels, len(images.classes)
        )
        train = ImageData.from_dataset(images.train.pictures, images.train.labels)
        self.batches = ImageBatches(train, torch.Generator().manual_seed(settings.seed))
        test = ImageData.from_dataset(images.test.pictures, images.test.labels)
        self.evaluator = Evaluator(test, self.classifier)
        self.probes = Probes(test, self.classifier, self.evaluator)
        self._corrected_images: LatestResult[ImageData] = LatestResult()
        self.throughput = Throughput()
        self._images_seen = self._images_timed = 0
        self._between_steps, self.probes_requested = True, False
        self.running_metrics = RunningMetrics(self.classifier)
        self._pieces: Iterator[None] | None = None
        self._evaluate_initially()

    def sync(self, settings: ImageSettings) -> None:
        """Train with other settings from now on; their seed, images and network are ignored."""
        self.settings = settings
        self.classifier.configure(settings.training)
        corrections = settings.corrections
        images = self._corrected_images.get(
            (corrections.items, corrections.weight),
            lambda: _with_corrections(self.images, corrections),
        )
        if self.batches.pictures is not images:
            self.batches.set_images(images)
        epoch = self.epoch + self.progress.epoch_started
        self.comparability.update(images, settings.training, None, epoch)

    # Steps and epochs ---------------------------------------------------------------------------

    def run_next_piece(self) -> None:
        """Run the next piece of work."""
        if self._pieces is None:
            self._pieces = self._pieces_of_work()
        try:
            next(self._pieces)
        except BaseException:
            # A failed step must leave nothing behind; the next one begins a new epoch.
            self._discard_piece()
            self.progress.epoch_started = self.progress.evaluating = False
            self.classifier.engine.gradient.zero_()
            raise

    @property
    def scores(self) -> Scores:
        """Scores on the training images seen last, and on the test images evaluated last."""
        return self.progress.results.scores

    @property
    def evaluating(self) -> bool:
        """Whether all steps of the epoch under way are taken, but its evaluation is not done."""
        return self.progress.evaluating

    @property
    def between_steps(self) -> bool:
        """Whether no optimiser step is half done."""
        return self._between_steps

    @property
    def between_epochs(self) -> bool:
        """Whether no epoch is under way."""
        return not self.progress.epoch_started

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch, at least 1."""
        return self._batch_count(len(self.batches.pictures))

    @property
    def steps_to_epoch_end(self) -> int:
        """Batches that are left of the epoch under way, at least 1."""
        return self._batch_count(self.remaining)

    def on_slice_end(self, elapsed: float, budget: float) -> None:
        """Update the throughput, and give up several threads after a slice far too long."""
        self.throughput.record(self._images_seen - self._images_timed, elapsed)
        self._images_timed = self._images_seen
        if elapsed > budget + MAX_OVERRUN_SECONDS:
            use_one_thread()

    def _pieces_of_work(self) -> Iterator[None]:
        progress = self.progress
        while True:
            if not progress.epoch_started:
                self._begin_epoch()
            while self.batches.remaining and not progress.evaluating:
                if progress.parts_recorded < self._records_due:
                    yield from self._track(self.evaluator.evaluate_chunk(progress.pending))
                    progress.parts_recorded = self._records_due
                    self.record_or_undo(self.epoch + self._records_due / RECORDS_PER_EPOCH)
                if self.probes_requested and self.probes.due:
                    self.probes_requested = False
                    yield from self.probes.update()
                yield from self._step()
            before = progress.results_at_epoch_end.scores[0]
            yield from self._track(self.evaluator.evaluate_all(progress.pending))
            if self.finish_epoch(before):
                progress.mistakes = self.evaluator.mistakes(MAX_MISTAKES)
                progress.tiles_last_epoch = tiles(self.classifier.network)
                if self.learned_epoch is None and self.scores[1].accuracy >= LEARNED_ACCURACY:
                    self.learned_epoch = self.epoch
            progress.epoch_started = progress.evaluating = False
            yield

    def _begin_epoch(self) -> None:
        self.batches.shuffle()
        self.running_metrics.clear()
        self.progress.parts_recorded, self.progress.epoch_started = 0, True

    def _step(self) -> Iterator[None]:
        """Take one optimiser step."""
        training, classifier = self.settings.training, self.classifier
        inputs, labels = self.batches.next_batch(training.batch_size, self.settings.augmentation)
        count = len(labels)
        if count == 1 and classifier.uses_batch_norm:
            raise InputError("Batch normalisation needs a batch size of 2 or more.")
        micro_batches = math.ceil(count / classifier.micro_batch)
        for number, (some, theirs) in enumerate(
            zip(inputs.chunk(micro_batches), labels.chunk(micro_batches), strict=True)
        ):
            if number:
                self._between_steps = False
                yield
            self.running_metrics.add(
                classifier.accumulate_gradient(some, theirs, classifier.share(theirs, labels)),
                theirs,
            )
            self._images_seen += len(theirs)
        classifier.step(self.rate)
        self.steps += 1
        self._between_steps, self.progress.evaluating = True, not self.batches.remaining
        yield

    def _track(self, evaluation: Iterator[int]) -> Iterator[None]:
        """Run an evaluation, and keep how many images are left, for a state taken meanwhile."""
        for pending in evaluation:
            self.progress.pending = pending
            yield
        self.progress.pending = None

    def _discard_piece(self) -> None:
        """Drop the piece of work under way."""
        self._pieces, self.progress.pending, self._between_steps = None, None, True

    @property
    def _records_due(self) -> int:
        """How many of the epoch's `RECORDS_PER_EPOCH` records the steps so far have earned."""
        return RECORDS_PER_EPOCH * self.batches.position // len(self.batches.pictures)

    @property
    def remaining(self) -> int:
        """Images left to train on in the epoch: all of them where none has begun yet."""
        return self.batches.remaining or (
            0 if self.progress.evaluating else len(self.batches.pictures)
        )

    def _batch_count(self, images: int) -> int:
        return max(1, math.ceil(images / self.settings.training.batch_size))

    # Evaluation ---------------------------------------------------------------------------------

    def evaluate(self) -> None:
        """Compute the scores from the outputs for training and test images so far."""
        train = self.running_metrics.score()
        self.running_metrics.clear()
        # There are no training outputs where a divergence has just been undone.
        self._update_results(train or self.scores[0])

    @property
    def has_diverged(self) -> bool:
        """Whether the latest training loss is far too large, or a weight is not finite."""
        return super().has_diverged or not self.has_finite_weights

    def _evaluate_initially(self) -> None:
        inputs, labels = self.batches.sample(INITIAL_SCORE_SIZE)
        train = Score(*self.classifier.score(self.classifier.eval_network(inputs), labels))
        weights = tiles(self.classifier.network)
        mistakes = self.evaluator.mistakes(0)
        for _ in self.evaluator.evaluate_chunk():
            pass
        results = self._results(train)
        self.progress = ImageProgress(results, results, mistakes, weights, weights)
        self.save_good_weights()
        self.comparability.start(train.loss)
        self.probes.update_now()
        self.record(0)

    def reevaluate(self) -> None:
        """Evaluate a part of the test images after a change of weights by a correction."""
        self.evaluator.invalidate()
        while self.evaluator.tested_count < min(ESTIMATE_WINDOW, len(self.images.test)):
            for _ in self.evaluator.evaluate_chunk():
                pass
        self._update_results(self.scores[0])
        # The curves end with the scores that are shown.
        progress = self.progress
        part = progress.parts_recorded / RECORDS_PER_EPOCH if progress.epoch_started else 0
        self.history.record(self.epoch + part, *self.scores)

    def _update_results(self, train: Score) -> None:
        self.progress.results = self._results(train)

    def _results(self, train: Score) -> EvaluationResults:
        evaluator = self.evaluator
        return EvaluationResults(
            (train, evaluator.score()), evaluator.tested_count, evaluator.confusion()
        )

    # Weights ------------------------------------------------------------------------------------

    @property
    def optimiser(self) -> Optimiser:
        """The optimiser in use."""
        return self.classifier.optimiser

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""
        self.classifier.reset_optimiser()

    @property
    def has_finite_weights(self) -> bool:
        """Whether no weight is infinite or NaN."""
        return self.classifier.is_finite

    def save_good_weights(self) -> None:
        """Keep the present weights as those to go back to after a divergence."""
        self.classifier.save_good_state()
        self.progress.results_at_epoch_end = self.progress.results

    def load_good_weights(self) -> None:
        """Go back to the weights last kept; the optimiser begins anew."""
        self.classifier.restore_good_state()
        self.evaluator.invalidate()
        self.running_metrics.clear()
        self.progress.results = self.progress.results_at_epoch_end

    def weights_row(self) -> Tensor:
        """Return all tensors of the classifier and the results on test images, packed."""
        return pack_checkpoint(self.classifier, self.progress.results)

    def resume_epoch(self, progress: ImageProgress) -> None:
        """Go on with other progress; weights, batches and evaluation are loaded already."""
        self._discard_piece()
        self.progress = progress
        self.comparability.start(self.scores[0].loss)
        self.probes.update_now()


def _with_corrections(images: LoadedDataset, corrections: Corrections) -> ImageData:
    train = images.train
    added = corrections.for_classes(images.classes)
    return ImageData(train.pictures, train.labels, *added, corrections.weight)
