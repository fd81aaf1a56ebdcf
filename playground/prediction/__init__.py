"""From ink to probabilities: the path of pages, command line and notebooks."""

from playground.prediction.digit_prediction import (
    DigitPrediction,
    ModelOrName,
    predict_digits,
    predict_proba,
)
from playground.prediction.extraction import Ink, extract_digits
from playground.prediction.predict import predict
from playground.prediction.rejection import CANNOT_REJECT, is_rejected
from playground.prediction.side_by_side import DOUBTFUL, join_labels, predict_side_by_side

__all__ = [
    "CANNOT_REJECT",
    "DOUBTFUL",
    "DigitPrediction",
    "Ink",
    "ModelOrName",
    "extract_digits",
    "is_rejected",
    "join_labels",
    "predict",
    "predict_digits",
    "predict_proba",
    "predict_side_by_side",
]
