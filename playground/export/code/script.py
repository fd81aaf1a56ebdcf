"""From a trainer to a script that does the same without us."""

from __future__ import annotations

from playground.export.code.dense_script import dense_script
from playground.export.code.image_script import image_script
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer


def script(trainer: Trainer | ImageTrainer, epochs: int | None = None) -> str:
    """Write a script of PyTorch for the problem, the network and the training of a trainer.

    It begins afresh, with the settings of now, and draws the same numbers, so it comes to the
    same result wherever nothing was changed on the way. Nothing but what is in use is in it.

    Parameters
    ----------
    trainer : Trainer or ImageTrainer
    epochs : int, optional
        How long it trains. If left out: as long as the trainer has trained, or else as long as
        it is to train, or a usual number.

    Returns
    -------
    str
        Needs PyTorch, and NumPy where samples are drawn by it; for digits torchvision.

    Raises
    ------
    InputError
        If there is nothing to learn from, or something in use is not ours to write down.
    """
    if isinstance(trainer, ImageTrainer):
        return image_script(trainer, epochs)
    return dense_script(trainer, epochs)
