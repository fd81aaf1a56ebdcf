"""What a ImageTrainer works with, kept in step with what is wished for."""

from __future__ import annotations

import numpy.typing as npt
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import LayerSummary, summarise_layers
from playground.problems.digits import Digits
from playground.problems.image_datasets import LoadedDataset
from playground.problems.latest_result import LatestResult
from playground.training.core.notes import Note
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.checkpoint_viewer import CheckpointViewer
from playground.training.images.corrections.correction import Correction
from playground.training.images.corrections.corrections import Corrections
from playground.training.images.corrections.fine_tuning import fine_tune
from playground.training.images.image_data import ImageData
from playground.training.images.network_builder import ClassifierChoice, build, choice_key
from playground.training.images.training_run import ImageRun
from playground.training.training import Training


class TrainingSession:
    """Makes a new run when other pictures or another network are wished for, and only then.

    Attributes
    ----------
    run : ImageRun or None
        None until `sync` was called.
    stages : tuple of LayerSummary
        The layers of the run's network.
    build_error : Note or None
        Why the network that is wished for can't be had; the last one goes on.
    taught : list of (Correction, list of Tensor)
        What was taught to this network, and its state before.
    """

    def __init__(self) -> None:
        self.run: ImageRun | None = None
        self.stages: tuple[LayerSummary, ...] = ()
        self.build_error: Note | None = None
        self.taught: list[tuple[Correction, list[torch.Tensor]]] = []
        self._runs: LatestResult[ImageRun] = LatestResult()
        self._pictures: LatestResult[ImageData] = LatestResult()
        self._models: LatestResult[nn.Module] = LatestResult()
        self._viewers: LatestResult[CheckpointViewer] = LatestResult()
        self._generation, self._redraw = 0, False

    def restart(self, *, redraw: bool) -> None:
        """Have the next `sync` begin a new run; whether a given module's weights are drawn anew."""
        self._generation += 1
        self._redraw |= redraw

    def sync(
        self,
        problem: Digits,
        choice: ClassifierChoice,
        seed: int,
        training: Training,
        augmentation: Augmentation,
        corrections: Corrections,
    ) -> ImageRun:
        """Make everything as it is wished.

        Raises
        ------
        InputError
            If the pictures or the network can't be had, and there was no run before.
        """
        run = self._requested_run(problem, choice, seed, training, augmentation)
        run.training, run.augmentation = training, augmentation
        run.classifier.configure(training)
        cache_key = (run, corrections.items, corrections.weight)
        pictures = self._pictures.get(cache_key, lambda: _with_corrections(run.images, corrections))
        if run.batches.pictures is not pictures:
            run.batches.set_images(pictures)
        return run

    def teach(
        self, run: ImageRun, corrections: Corrections, picture: npt.ArrayLike, label: int
    ) -> bool:
        """Have a run learn what a picture is; see `ImageTrainer.teach`."""
        classes = run.images.classes
        if not 0 <= label < len(classes):
            raise InputError(f"A label is a number from 0 to {len(classes) - 1}, not {label}.")
        before = run.classifier.state()
        correction = corrections.add(picture, label, classes[label])
        self.taught.append((correction, before))
        known = fine_tune(run, *corrections.for_classes(classes))
        run.reevaluate()
        return known

    def undo(self, run: ImageRun, corrections: Corrections) -> bool:
        """Take the last lesson back, if there was one; see `ImageTrainer.undo`."""
        if not self.taught:
            return False
        correction, before = self.taught.pop()
        corrections.remove(correction)
        run.classifier.restore(before)
        run.classifier.reset_optimiser()
        run.reevaluate()
        return True

    def model(self, run: ImageRun) -> nn.Module:
        """A module on a run's memory, the same for as long as the run lasts."""
        return self._models.get(run, run.classifier.shared_copy)

    def checkpoint_viewer(self, run: ImageRun) -> CheckpointViewer:
        """Who looks at a run as it was, the same for as long as the run lasts."""
        return self._viewers.get(run, lambda: CheckpointViewer(run))

    def _requested_run(
        self,
        problem: Digits,
        choice: ClassifierChoice,
        seed: int,
        training: Training,
        augmentation: Augmentation,
    ) -> ImageRun:
        before = self.run
        images = problem.images or (before.images if before else problem.load())
        try:
            run = self._runs.get(
                (images, choice_key(choice), seed, self._generation),
                lambda: ImageRun(
                    build(choice, seed, redraw=self._redraw), images, training, augmentation, seed
                ),
            )
            self.build_error = None
        except InputError as error:
            if before is None:
                raise
            self.build_error = Note("refused", "network", "error", str(error))
            return before
        if run is not before:
            self.run, self.taught = run, []
            self.stages = summarise_layers(run.classifier.shared_copy())
        return run


def _with_corrections(images: LoadedDataset, corrections: Corrections) -> ImageData:
    train = images.train
    added = corrections.for_classes(images.classes)
    return ImageData(train.pictures, train.labels, *added, corrections.weight)
