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
from playground.prediction.several_digits import DOUBTFUL, join_labels, predict_several_digits

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
    "predict_several_digits",
]
