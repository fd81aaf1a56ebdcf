"""Test pictures and what they were read as, the worst mistakes, and what was learned from."""

from __future__ import annotations

import numpy as np

from playground.training.images import ImageFrame, ImagePredictions
from playground.views.images.captioned_images import captioned_images
from playground.views.images.view_data import CaptionedImagesData
from playground.views.live_view import LiveView
from playground.views.theme import Theme

NONE_WRONG = np.zeros(0, np.int64)


def samples(frame: ImageFrame, theme: Theme) -> LiveView:
    """Some test pictures, with what they are read as and how surely."""
    return captioned_images(
        frame, theme, lambda frame: captioned_predictions(frame.samples, frame.classes)
    )


def mistakes(frame: ImageFrame, theme: Theme) -> LiveView:
    """The test pictures that are wrong with the most confidence."""
    return captioned_images(
        frame, theme, lambda frame: captioned_predictions(frame.mistakes, frame.classes)
    )


def training_samples(frame: ImageFrame, theme: Theme) -> LiveView:
    """Training pictures as the network was given them last."""
    return captioned_images(
        frame, theme, lambda frame: CaptionedImagesData(frame.augmented_inputs, (), NONE_WRONG)
    )


def captioned_predictions(
    readings: ImagePredictions, classes: tuple[str, ...]
) -> CaptionedImagesData:
    """Pictures with what they were read as, and what they are where that is something else."""
    answers = zip(readings.predicted, readings.confidence, readings.labels, strict=True)
    return CaptionedImagesData(
        readings.pictures,
        tuple(
            caption(classes[predicted], confidence, classes[label])
            for predicted, confidence, label in answers
        ),
        np.flatnonzero(readings.predicted != readings.labels),
    )


def caption(predicted: str, confidence: float, truth: str) -> str:
    """Such as "98% 7", and below it "is 1" where that is wrong."""
    return f"{confidence:.0%} {predicted}\n" + (f"is {truth}" if predicted != truth else "")
