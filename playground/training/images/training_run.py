"""One run of learning to read: how far it has come, and how it goes on by a small piece."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems.image_datasets import LoadedDataset
from playground.training.core import diagnosis
from playground.training.core.checkpoints import CheckpointInfo, Checkpoints
from playground.training.core.history import History
from playground.training.core.metrics import Score
from playground.training.core.notes import Note
from playground.training.core.state.tensor_packing import pack
from playground.training.dense.training_run import DIVERGED_LOSS
from playground.training.engines import Penalties
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.batches import ImageBatches
from playground.training.images.evaluator import ESTIMATE_WINDOW, Evaluator
from playground.training.images.image_data import ImageData
from playground.training.images.performance.throughput import Throughput
from playground.training.images.probes.probes import Probes
from playground.training.images.probes.weight_layers import tiles
from playground.training.images.run_progress import MAX_MISTAKES, EvaluationResults, RunProgress
from playground.training.images.running_metrics import RunningMetrics
from playground.training.images.trainable_classifier import TrainableClassifier
from playground.training.training import Training

RECORDS_PER_EPOCH = 12
"""How often an epoch is looked back on: rows of the curves."""
LEARNED_ACCURACY = 0.97
"""Share of the test pictures read correctly from which reading counts as learned."""
INITIAL_SCORE_SIZE = 200
"""Training pictures that the first score speaks of."""


class ImageRun:
    """What has come of training so far. Autograd should be off around all its methods.

    Parameters
    ----------
    network : nn.Module
    images : LoadedDataset
    training : Training
    augmentation : Augmentation
        Read anew at every step, as is `training`.
    seed : int
        Where the order of the pictures comes from.

    Attributes
    ----------
    epoch, steps : int
    results : EvaluationResults
        How well the network did when it was looked at last.
    learned, mistakes
        See `ImageFrame`.
    evaluating : bool
        Whether the examination at the end of an epoch is under way.
    frame_requested : bool
        Whether somebody has looked since the last look at the panel.
    between_steps : bool
        Whether no optimiser step is half done.
    checkpoints : Checkpoints
        Ends of parts of epochs, to go back to; each row holds `checkpoint_tensors`.
    divergence_note, paused_by : Note or None
        See `playground.training.dense.training_run.Run`.
    """

    results: EvaluationResults

    def __init__(
        self,
        network: nn.Module,
        images: LoadedDataset,
        training: Training,
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        self.images, self.training, self.augmentation = images, training, augmentation
        self.classifier = TrainableClassifier(network, training, len(images.classes))
        train = ImageData.from_dataset(images.train.pictures, images.train.labels)
        self.batches = ImageBatches(train, torch.Generator().manual_seed(seed))
        test = ImageData.from_dataset(images.test.pictures, images.test.labels)
        self.evaluator = Evaluator(test, self.classifier)
        self.probes = Probes(test, self.classifier, self.evaluator)
        self.history, self.checkpoints = History(RECORDS_PER_EPOCH), Checkpoints(RECORDS_PER_EPOCH)
        self.throughput = Throughput()
        self.epoch = self.steps = self.images_seen = 0
        self.learned_epoch: int | None = None
        self.divergence_note: Note | None = None
        self.paused_by: Note | None = None
        self.epoch_started = self.evaluating = self.frame_requested = False
        self.between_steps = True
        self._parts_recorded = 0
        self._pending: int | None = None
        self.tiles_start = self.tiles_last_epoch = tiles(self.classifier.network)
        self.mistakes = self.evaluator.mistakes(0)
        self._running_metrics = RunningMetrics(self.classifier)
        self._pieces_of_work: Iterator[bool | None] | None = None
        self._evaluate_initially()

    def run_next_piece(self) -> bool:
        """Do the next piece of what is to be done; whether it finished an optimiser step."""
        if self._pieces_of_work is None:
            self._pieces_of_work = self._training_loop()
        try:
            return bool(next(self._pieces_of_work))
        except BaseException:
            # A failed step must leave nothing behind; the next one begins a new epoch.
            self._discard_current_piece()
            self.epoch_started = self.evaluating = False
            self.classifier.engine.gradient.zero_()
            raise

    def restore_if_diverged(self) -> None:
        """Go back to sound weights if the present ones are not even numbers."""
        if not self.classifier.is_finite:
            self._restore_good_weights()

    @property
    def remaining(self) -> int:
        """Pictures still to be learned in the epoch: all of them where none has begun yet."""
        return self.batches.remaining or (0 if self.evaluating else len(self.batches.pictures))

    @property
    def checkpoint_tensors(self) -> list[Tensor]:
        """What a checkpoint holds: the classifier's tensors, and the results on test images."""
        tested_count, confusion = self.results.tested_count, self.results.confusion
        return [*self.classifier.tensors, torch.tensor([tested_count]), torch.from_numpy(confusion)]

    def run_progress(self) -> RunProgress:
        """Tell how far it has come, between two steps."""
        answers, labels = self._running_metrics.collected()
        return RunProgress(
            epoch=self.epoch,
            steps=self.steps,
            learned_epoch=self.learned_epoch,
            divergence_note=self.divergence_note,
            epoch_started=self.epoch_started,
            evaluating=self.evaluating,
            parts_recorded=self._parts_recorded,
            pending=self._pending,
            now=self.results,
            at_epoch_end=self._at_epoch_end,
            mistakes=self.mistakes,
            tiles_start=self.tiles_start,
            tiles_last_epoch=self.tiles_last_epoch,
            answers=answers,
            labels=labels,
        )

    def resume(self, progress: RunProgress) -> None:
        """Go on from elsewhere; weights, drill and examination are there already."""
        self._discard_current_piece()
        self.epoch, self.steps, self.learned_epoch = (
            progress.epoch,
            progress.steps,
            progress.learned_epoch,
        )
        self.divergence_note, self.paused_by = progress.divergence_note, None
        self.epoch_started, self.evaluating = progress.epoch_started, progress.evaluating
        self._parts_recorded, self._pending = progress.parts_recorded, progress.pending
        self.results, self._at_epoch_end, self.mistakes = (
            progress.now,
            progress.at_epoch_end,
            progress.mistakes,
        )
        self.tiles_start, self.tiles_last_epoch = progress.tiles_start, progress.tiles_last_epoch
        self._running_metrics.clear()
        self._running_metrics.add(progress.answers, progress.labels)
        self.probes.update_now()

    def keep_only_current_checkpoint(self) -> None:
        """Forget all moments but this one, if it is the end of an epoch."""
        self.checkpoints.clear()
        if not self.epoch_started:
            self._save_checkpoint(self.epoch)

    def reevaluate(self) -> None:
        """Examine a little after a change from outside."""
        self.evaluator.invalidate()
        while self.evaluator.tested_count < min(ESTIMATE_WINDOW, len(self.images.test)):
            for _ in self.evaluator.evaluate_chunk():
                pass
        self._update_results(self.results.scores[0])

    def _training_loop(self) -> Iterator[bool | None]:
        while True:
            if not self.epoch_started:
                self._begin_epoch()
            while self.batches.remaining and not self.evaluating:
                if self._parts_recorded < self._parts_done:
                    yield from self._track_pending(self.evaluator.evaluate_chunk(self._pending))
                    self._parts_recorded = self._parts_done
                    self._record_metrics(self.epoch + self._parts_done / RECORDS_PER_EPOCH)
                if self.frame_requested and self.probes.due:
                    self.frame_requested = False
                    yield from self.probes.update()
                yield from self._step()
            yield from self._finish_epoch()
            self.epoch_started = self.evaluating = False
            yield None

    def _begin_epoch(self) -> None:
        self.batches.shuffle()
        self._running_metrics.clear()
        self._parts_recorded, self.epoch_started = 0, True

    def _track_pending(self, update: Iterator[int]) -> Iterator[None]:
        """Look at test pictures, and note how many are unseen, should this be gone on with."""
        for pending in update:
            self._pending = pending
            yield
        self._pending = None

    def _discard_current_piece(self) -> None:
        """Let go of the piece of work under way."""
        self._pieces_of_work, self._pending, self.between_steps = None, None, True

    @property
    def _parts_done(self) -> int:
        return RECORDS_PER_EPOCH * self.batches.position // len(self.batches.pictures)

    def _step(self) -> Iterator[bool]:
        """Learn from one batch."""
        training, classifier = self.training, self.classifier
        inputs, labels = self.batches.next_batch(training.batch_size, self.augmentation)
        count = len(labels)
        if count == 1 and classifier.uses_batch_norm:
            raise InputError("Batch normalisation needs a batch size of 2 or more.")
        micro_batches = math.ceil(count / classifier.micro_batch)
        for number, (some, theirs) in enumerate(
            zip(inputs.chunk(micro_batches), labels.chunk(micro_batches), strict=True)
        ):
            if number:
                self.between_steps = False
                yield False
            self._running_metrics.add(
                classifier.accumulate_gradient(some, theirs, len(theirs) / count), theirs
            )
            self.images_seen += len(theirs)
        classifier.step(training.rate(self.epoch), Penalties(training.l1, training.l2))
        self.steps += 1
        self.between_steps, self.evaluating = True, not self.batches.remaining
        yield True

    def _finish_epoch(self) -> Iterator[None]:
        before = self._at_epoch_end.scores[0]
        yield from self._track_pending(self.evaluator.evaluate_all(self._pending))
        self.epoch += 1
        if not self._record_metrics(self.epoch):
            return
        self.mistakes = self.evaluator.mistakes(MAX_MISTAKES)
        self.tiles_last_epoch = tiles(self.classifier.network)
        if self.learned_epoch is None and self.results.scores[1].accuracy >= LEARNED_ACCURACY:
            self.learned_epoch = self.epoch
        self._mark_good()
        self.paused_by = diagnosis.goal_reached(
            self.training, self.epoch, before, self.results.scores[0]
        )

    def _record_metrics(self, epoch: float) -> bool:
        """Note how it went lately; False if it went so badly that it had to be undone."""
        train = self._running_metrics.score() or self.results.scores[0]  # undone meanwhile
        self._running_metrics.clear()
        if not (abs(train.loss) < DIVERGED_LOSS and self.classifier.is_finite):
            self._restore_good_weights()
            return False
        self.divergence_note = None
        self._update_results(train)
        self._record(epoch)
        return True

    def _record(self, epoch: float) -> None:
        self.history.record(epoch, *self.results.scores)
        self._save_checkpoint(epoch)

    def _save_checkpoint(self, epoch: float) -> None:
        info = CheckpointInfo(epoch, self.steps, *self.results.scores)
        self.checkpoints.record(info, pack(self.checkpoint_tensors))

    def _mark_good(self) -> None:
        """Remember this moment as one to come back to."""
        self.classifier.save_good_state()
        self._at_epoch_end = self.results

    def _update_results(self, train: Score) -> None:
        evaluator = self.evaluator
        self.results = EvaluationResults(
            (train, evaluator.score()), evaluator.tested_count, evaluator.confusion()
        )

    def _restore_good_weights(self) -> None:
        self.classifier.restore_good_state()
        self.evaluator.invalidate()
        self._running_metrics.clear()
        self.results = self._at_epoch_end
        self.divergence_note = self.paused_by = diagnosis.diverged(self.epoch, self.training)

    def _evaluate_initially(self) -> None:
        inputs, labels = self.batches.sample(INITIAL_SCORE_SIZE)
        train = Score(*self.classifier.score(self.classifier.eval_network(inputs), labels))
        for _ in self.evaluator.evaluate_chunk():
            pass
        self._update_results(train)
        self._mark_good()
        self.probes.update_now()
        self._record(0)
