"""The trainer of image classifiers.

It is used like `playground.training.dense.trainer.Trainer`. Its work is cut into small pieces, so
that a slice ends close to its budget however large the network is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy.typing as npt
import param
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CustomClassifier
from playground.problems.digits import Digits
from playground.problems.image_datasets import network_inputs
from playground.problems.latest_result import LatestResult
from playground.problems.problem import Floats
from playground.seeds import MAX_SEED, next_seed
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.notes import Note
from playground.training.core.settings import ReadOnlyCopies
from playground.training.core.state.state import State
from playground.training.core.torch_threads import torch_threads
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.checkpoints.weight_path import ImageWeightPath
from playground.training.images.classifier.network_builder import (
    ClassifierChoice,
    build,
    choice_key,
)
from playground.training.images.corrections.corrections import Corrections
from playground.training.images.default_training import default_training
from playground.training.images.frame import ImageFrame
from playground.training.images.frame_notes import SIMPLEST
from playground.training.images.performance.thread_count import best_thread_count
from playground.training.images.session import ImageSession
from playground.training.images.settings import ImageSettings
from playground.training.training import Training


class ImageTrainer(BaseTrainer[ImageSession, ImageSettings, ImageFrame]):
    """One image classifier learning one dataset.

    Parameters
    ----------
    problem : Digits, optional
        Its images are loaded at the first need, unless they are already. When others are
        chosen, training goes on with the old ones until the new ones are loaded.
    classifier : str, CustomClassifier or nn.Module
        See the parameter. A module is copied, so that a reset can go back to it.

    Raises
    ------
    InputError
        By whatever first needs the network: if the images can't be loaded, or the network does
        not fit them.

    Examples
    --------
    >>> trainer = ImageTrainer(Digits(), "mlp")
    >>> trainer.train(epochs=3).test.accuracy > 0.96
    True
    """

    # Param's types allow None wherever there is no default; `__init__` makes sure none is.
    problem: Digits = param.ClassSelector(  # type: ignore[assignment]
        class_=Digits, instantiate=False, doc="What is learned."
    )
    classifier: ClassifierChoice = param.ClassSelector(  # type: ignore[assignment]
        class_=(str, CustomClassifier, nn.Module),
        default="mlp",
        instantiate=False,
        doc="What learns: a key of CLASSIFIERS, a custom network, or any module.",
    )
    augmentation: Augmentation = param.ClassSelector(  # type: ignore[assignment]
        class_=Augmentation, instantiate=False, doc="How images vary from epoch to epoch."
    )
    corrections: Corrections = param.ClassSelector(  # type: ignore[assignment]
        class_=Corrections, instantiate=False, doc="Images that people have labelled anew."
    )
    seed = param.Integer(default=0, bounds=(0, MAX_SEED), doc="Where everything random begins.")
    threads = param.Integer(
        default=None,
        bounds=(1, 64),
        allow_None=True,
        doc="Threads that PyTorch computes with in a slice; None for as many as help.",
    )

    def __init__(
        self,
        problem: Digits | None = None,
        classifier: ClassifierChoice = "mlp",
        training: Training | None = None,
        augmentation: Augmentation | None = None,
        corrections: Corrections | None = None,
        **params: object,
    ) -> None:
        super().__init__(
            problem=problem or Digits(),
            classifier=classifier,
            training=training or default_training(),
            augmentation=augmentation or Augmentation(untouched=1.0),
            corrections=corrections or Corrections(),
            **params,
        )
        self._augmentation_copies: ReadOnlyCopies[Augmentation] = ReadOnlyCopies()
        self._corrections_copies: ReadOnlyCopies[Corrections] = ReadOnlyCopies()
        self._choice_copies: ReadOnlyCopies[CustomClassifier] = ReadOnlyCopies()
        self._sessions: LatestResult[ImageSession] = LatestResult()
        self._redraw = False

    # Requests -----------------------------------------------------------------------------------

    def train(self, epochs: int = 1) -> ImageFrame:
        """Load the chosen images, and train for `epochs` epochs or until a stop condition holds.

        Returns
        -------
        ImageFrame
        """
        self._load_images()
        return super().train(epochs)

    def restore(self, state: State) -> None:
        """Load the chosen images, and go on from a state; see `BaseTrainer.restore`."""
        self._load_images()
        super().restore(state)

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to new ones (the next seed)."""
        with self._settings_lock:
            if new_weights:
                self.seed = next_seed(self.seed)
            self._redraw |= new_weights
            self.request_count += 1

    def teach(self, picture: npt.ArrayLike, label: int) -> bool:
        """Add a correction: the network is trained on it now, and in every epoch to come.

        Takes up to a second or two; see `undo`.

        Parameters
        ----------
        picture : uint8 array of shape (28, 28)
        label : int
            Class number.

        Returns
        -------
        bool
            Whether it is classified correctly now.

        Raises
        ------
        InputError
            If the image is invalid, or there is no such class.
        """
        with self._synced() as session:
            return session.teach(self.corrections, picture, label)

    def undo(self) -> bool:
        """Undo the last `teach`; False if there was none.

        The weights are those from before it, so what was learned since is lost with it.
        """
        with self._synced() as session:
            return session.undo(self.corrections)

    def set_weights(self, row: Floats) -> None:
        """Set all weights, and the averages of batch normalisation; the optimiser begins anew.

        Parameters
        ----------
        row : array of shape (size,)
            As `weight_path` gives them.

        Raises
        ------
        InputError
            If they are those of another network, or not finite.
        """
        with self._synced() as session:
            session.set_weights(torch.from_numpy(row))

    # What can be seen ---------------------------------------------------------------------------

    def predict(self, pictures: npt.ArrayLike) -> Floats:
        """Class probabilities (n, classes) of images, uint8 (n, 28, 28).

        Raises
        ------
        InputError
            If the images are not of that shape and dtype.
        """
        inputs = network_inputs(pictures)
        with self._synced() as session:
            classifier = session.classifier
            return classifier.probabilities(classifier.eval_network(inputs)).contiguous().numpy()

    def weight_path(
        self, checkpoint: int | None = None, settings: ImageSettings | None = None
    ) -> ImageWeightPath:
        """Copy the weights of a checkpoint, by number, or of the present, and the way of the run.

        Raises
        ------
        InputError
            If there is no such checkpoint.
        """
        with self._synced(settings) as session:
            chosen = None if checkpoint is None else session.checkpoints.at(checkpoint)
            return session.weight_path(chosen)

    @property
    def model(self) -> nn.Module:
        """A module in evaluation mode on the memory that is being trained.

        It may be used at any time and from any thread; it is another one after a reset.
        """
        with self._synced() as session:
            return session.model

    # What is special about image classifiers ----------------------------------------------------

    def copy_settings(self) -> ImageSettings:
        """Copy images, network, seed, training, augmentation, corrections and resets."""
        choice = self.classifier
        if isinstance(choice, CustomClassifier):
            choice = self._choice_copies.copy(choice)
        return ImageSettings(
            images=self.problem.images,
            classifier=choice,
            seed=self.seed,
            redraw=self._redraw,
            training=self._training_copies.copy(self.training),
            augmentation=self._augmentation_copies.copy(self.augmentation),
            corrections=self._corrections_copies.copy(self.corrections),
            request_count=self.request_count,
        )

    def sync(self, settings: ImageSettings) -> ImageSession:
        """Return the session; a new one for other images, another network, seed or reset.

        Raises
        ------
        InputError
            If images or network can't be had, and there is no session yet.
        """
        before = self._session
        images = settings.images or (before.images if before else self.problem.load())
        choice, seed = settings.classifier, settings.seed
        key = (images, choice_key(choice), seed, settings.request_count)
        try:
            session = self._sessions.get(
                key,
                lambda: ImageSession(
                    build(choice, seed, redraw=settings.redraw, classes=len(images.classes)),
                    images,
                    settings,
                ),
            )
            session.build_error = None
        except InputError as error:
            if before is None:
                raise
            session = before
            session.build_error = Note("refused", "network", "error", str(error), SIMPLEST)
        session.sync(settings)
        return session

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Switch autograd off, and use as many threads as help."""
        with torch.no_grad(), torch_threads(self.thread_count()):
            yield

    def thread_count(self) -> int:
        """Return the requested number of threads, or else the one that is fastest at the moment."""
        return self.threads or best_thread_count()

    def _load_images(self) -> None:
        if self.problem.images is None:
            self.problem.load()
