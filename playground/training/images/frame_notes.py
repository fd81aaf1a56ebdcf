"""Notes about the training of an image classifier."""

from __future__ import annotations

from dataclasses import replace

from playground.training.core import diagnosis
from playground.training.core.notes import Note, Remedy
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.frame import ImageFrame
from playground.training.training import Training

SIMPLEST = Remedy("Use the smallest network", (("model", "softmax"),))
VARY = Remedy("Vary the pictures", (("untouched", Augmentation.param.untouched.default),))


def frame_notes(
    frame: ImageFrame,
    training: Training,
    remark: str | None,
    *errors: Note | None,
    are_varied: bool = False,
) -> tuple[Note, ...]:
    """Return all errors and warnings to show with a frame, errors first.

    Parameters
    ----------
    frame : ImageFrame
    training : Training
    remark : str or None
        What is unusual about the images, in a sentence.
    errors : Note or None
    are_varied : bool
        Whether the network learns from distorted pictures too.
    """
    overfitting = diagnosis.overfitting(frame, training)
    if overfitting is not None and not are_varied:
        overfitting = replace(overfitting, remedy=VARY)
    found = (
        *errors,
        Note("data", "data", "warning", remark) if remark else None,
        diagnosis.rate_too_high(frame, training),
        overfitting,
        diagnosis.one_class(frame, training),
    )
    return tuple(note for note in found if note is not None)
