"""`playground.predict`: probabilities for one drawing or picture."""

from __future__ import annotations

from dataclasses import replace

from playground.prediction.digit_prediction import ModelOrName, Probabilities, predict_digits
from playground.prediction.extraction import Ink, extract_digits


def predict(what: Ink, model: ModelOrName = "cnn") -> Probabilities:
    """Say which digit was drawn.

    Parameters
    ----------
    what : sequence of (xs, ys), or str, Path, bytes, PIL.Image.Image or numpy.ndarray
        Pen strokes on a unit canvas with y downwards, or a picture: its path, its file's
        content, or itself. Of several digits in a picture the largest is read.
    model : str or nn.Module
        "softmax", "mlp", "cnn", "lenet" or "deep", or a network of one's own; see
        `playground.prediction.read`.

    Returns
    -------
    float64 array (10,)
        The probability of each digit; they sum to 1.

    Raises
    ------
    NoDigitError
        If there is nothing to read: an empty canvas, a dot, a picture without contrast.
    InputError
        If the drawing or picture cannot be understood, or there is no such model. `NoDigitError` is
        an `InputError`.

    Examples
    --------
    >>> from playground import predict
    >>> predict([([0.5, 0.5], [0.2, 0.8])]).argmax()
    1
    """
    detections = extract_digits(what)
    largest = max(detections.found, key=lambda found: found.area)
    (prediction,) = predict_digits(replace(detections, found=(largest,)), model)
    return prediction.probabilities
