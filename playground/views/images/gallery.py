"""Galleries: test pictures with predictions, the worst mistakes, the last training inputs."""

from __future__ import annotations

import numpy as np

from playground.training.images import ImageFrame, ImagePredictions
from playground.views.images.captioned_images import captioned_images
from playground.views.images.view_data import CaptionedImagesData
from playground.views.live_view import LiveView
from playground.views.theme import Theme

NONE_WRONG = np.zeros(0, np.int64)


def samples(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view of some test pictures with prediction and confidence."""
    return captioned_images(
        frame, theme, lambda frame: captioned_predictions(frame.samples, frame.classes)
    )


def mistakes(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view of the misclassified test pictures with the highest confidence."""
    return captioned_images(
        frame, theme, lambda frame: captioned_predictions(frame.mistakes, frame.classes)
    )


def training_samples(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view of the last training inputs, augmentation included."""
    return captioned_images(
        frame, theme, lambda frame: CaptionedImagesData(frame.augmented_inputs, (), NONE_WRONG)
    )


def captioned_predictions(
    predictions: ImagePredictions, classes: tuple[str, ...]
) -> CaptionedImagesData:
    """Return pictures with their predictions, and the true class of misclassified ones."""
    rows = zip(predictions.predicted, predictions.confidence, predictions.labels, strict=True)
    return CaptionedImagesData(
        predictions.pictures,
        tuple(
            caption(classes[predicted], confidence, classes[label])
            for predicted, confidence, label in rows
        ),
        np.flatnonzero(predictions.predicted != predictions.labels),
    )


def caption(predicted: str, confidence: float, truth: str) -> str:
    """Return a caption such as "98% 7", with "is 1" below it if that is wrong."""
    return f"{confidence:.0%} {predicted}\n" + (f"is {truth}" if predicted != truth else "")
