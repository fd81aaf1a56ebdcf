"""`playground.predict`: probabilities for one drawing or image."""

from __future__ import annotations

from dataclasses import replace

from playground.prediction.digit_prediction import ModelOrName, Probabilities, predict_digits
from playground.prediction.extraction import IMAGE_TYPES, Ink, extract_digits
from playground.prediction.rejection import CANNOT_REJECT
from playground.prediction.several_digits import predict_several_digits


def predict(what: Ink, model: ModelOrName = "cnn") -> Probabilities:
    """Predict a digit.

    Parameters
    ----------
    what : sequence of (xs, ys), or str, Path, bytes, PIL.Image.Image or numpy.ndarray
        Pen strokes on a unit canvas with y downwards, or an image: its path, the content of its
        file, or itself. Of several digits the largest is used.
    model : str or nn.Module
        "softmax", "mlp", "cnn", "lenet" or "deep", or a network of your own; see
        `playground.prediction.predict_proba`.

    Returns
    -------
    float64 array (10,)
        The probability of each digit; they sum to 1.

    Raises
    ------
    NoDigitError
        If there is no digit: an empty canvas, a dot, an image without contrast.
    InputError
        If the drawing or image is invalid, or there is no such model. `NoDigitError` is an
        `InputError`.

    Examples
    --------
    >>> from playground import predict
    >>> predict([([0.5, 0.5], [0.2, 0.8])]).argmax()
    1
    """
    detections = extract_digits(what)
    largest = max(detections.found, key=lambda found: found.area)
    (prediction,) = predict_digits(replace(detections, found=(largest,)), model)
    whole = prediction.probabilities
    if isinstance(what, IMAGE_TYPES) or not isinstance(model, str) or model in CANNOT_REJECT:
        return whole
    groups = predict_several_digits(what, [model], float(whole.max()))
    return max(groups, key=lambda group: group.size).probabilities if groups else whole
