"""From ink to probabilities: the one path that page, command line, notebooks and tests take."""

from playground.reading.outsider import CANNOT_TELL, doubtful
from playground.reading.predict import predict
from playground.reading.read import Model, Reading, read, readings
from playground.reading.seen import Ink, seen
from playground.reading.several import as_number, several

__all__ = [
    "CANNOT_TELL",
    "Ink",
    "Model",
    "Reading",
    "as_number",
    "doubtful",
    "predict",
    "read",
    "readings",
    "seen",
    "several",
]
