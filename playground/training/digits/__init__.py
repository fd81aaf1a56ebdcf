"""How a network learns to read pictures, in slices, and what can be seen of it meanwhile."""

from playground.training.digits.building import Choice
from playground.training.digits.correction import Correction
from playground.training.digits.corrections import Corrections
from playground.training.digits.frame import ReaderFrame, Readings, Tiles
from playground.training.digits.storage import usual_path
from playground.training.digits.trainer import DigitTrainer
from playground.training.digits.usual import usual_training

__all__ = [
    "Choice",
    "Correction",
    "Corrections",
    "DigitTrainer",
    "ReaderFrame",
    "Readings",
    "Tiles",
    "usual_path",
    "usual_training",
]
