"""The immutable copy of an image trainer's settings, which a slice of training reads."""

from __future__ import annotations

from dataclasses import dataclass

from playground.problems.image_datasets import LoadedDataset
from playground.training.core.settings import TrainerSettings
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.classifier.network_builder import ClassifierChoice
from playground.training.images.corrections.corrections import Corrections


@dataclass(frozen=True, kw_only=True)
class ImageSettings(TrainerSettings):
    """Everything requested of an `ImageTrainer` at one moment; see `TrainerSettings`.

    Each request (see `request_count`) is a reset.

    Attributes
    ----------
    images : LoadedDataset or None
        None while the images that are chosen are not loaded.
    classifier : ClassifierChoice
        A read-only copy, or the module to begin with.
    seed : int
        Draws the initial weights, the order of the images and the augmentation.
    redraw : bool
        Whether a module's weights are drawn anew too.
    augmentation : Augmentation
        A read-only copy.
    corrections : Corrections
        A read-only copy.
    """

    images: LoadedDataset | None
    classifier: ClassifierChoice
    seed: int
    redraw: bool
    augmentation: Augmentation
    corrections: Corrections
