"""Training of image classifiers in slices, and the frames that show it."""

from playground.training.images.classifier.network_builder import ClassifierChoice
from playground.training.images.corrections.correction import Correction
from playground.training.images.corrections.corrections import Corrections
from playground.training.images.corrections.storage import default_path
from playground.training.images.default_training import default_training
from playground.training.images.frame import ImageFrame, ImagePredictions, Tiles
from playground.training.images.trainer import ImageTrainer

__all__ = [
    "ClassifierChoice",
    "Correction",
    "Corrections",
    "ImageFrame",
    "ImagePredictions",
    "ImageTrainer",
    "Tiles",
    "default_path",
    "default_training",
]
