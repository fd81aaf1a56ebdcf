"""Notes about the training of an image classifier."""

from __future__ import annotations

from playground.training.core import diagnosis
from playground.training.core.notes import Note
from playground.training.images.frame import ImageFrame
from playground.training.training import Training


def frame_notes(
    frame: ImageFrame, training: Training, remark: str | None, *errors: Note | None
) -> tuple[Note, ...]:
    """Return all errors and warnings to show with a frame, errors first.

    Parameters
    ----------
    frame : ImageFrame
    training : Training
    remark : str or None
        What is unusual about the images, in a sentence.
    errors : Note or None
    """
    found = (
        *errors,
        Note("data", "data", "warning", remark) if remark else None,
        diagnosis.rate_too_high(frame, training),
        diagnosis.overfitting(frame, training),
        diagnosis.one_class(frame, training),
    )
    return tuple(note for note in found if note is not None)
