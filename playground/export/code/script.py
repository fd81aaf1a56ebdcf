"""Scripts that repeat the training of a trainer with PyTorch alone."""

from __future__ import annotations

from playground.export.code.dense_script import dense_script
from playground.export.code.image_script import image_script
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer


def script(trainer: Trainer | ImageTrainer, epochs: int | None = None) -> str:
    """Write a PyTorch script for the problem, the network and the training of a trainer.

    It starts from new weights with the current settings and the same seeds, so it reaches the same
    result if no setting was changed during training. It contains only what is in use.

    Parameters
    ----------
    trainer : Trainer or ImageTrainer
    epochs : int, optional
        If left out: as many as the trainer has finished, else its stop condition, else a default.

    Returns
    -------
    str
        Needs PyTorch, NumPy where it draws samples, and torchvision for digits.

    Raises
    ------
    InputError
        If there are no training samples, or the code of something in use can't be quoted.
    """
    if isinstance(trainer, ImageTrainer):
        return image_script(trainer, epochs)
    return dense_script(trainer, epochs)
