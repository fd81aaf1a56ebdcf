"""The registry of image classifiers: a new network is one entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from playground.networks.classifiers.conv_block import conv_bn_relu


@dataclass(frozen=True, slots=True)
class Classifier:
    """An image classifier architecture that can be built with new weights.

    Attributes
    ----------
    label : str
        The name on the page.
    about : str
        What distinguishes it, in one sentence shown on the page.
    make : callable
        Takes the number of classes and returns a module that maps pictures (n, 1, 28, 28) to
        logits (n, classes). Its weights are drawn from torch's global generator.
    can_reject : bool
        Whether it can learn what is no digit; see `playground.prediction.rejection`.
    """

    label: str
    about: str
    make: Callable[[int], nn.Module]
    can_reject: bool = True

    def build(self, classes: int = 10) -> nn.Module:
        """Build the network with new weights for a number of classes."""
        return self.make(classes)


def _softmax(classes: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, classes))


def _mlp(classes: int) -> nn.Module:
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, classes),
    )


def _cnn(classes: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 128),
        nn.ReLU(),
        nn.Linear(128, classes),
    )


def _lenet(classes: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, classes),
    )


def _deep(classes: int) -> nn.Module:
    return nn.Sequential(
        *conv_bn_relu(1, 32, pooled=True),
        *conv_bn_relu(32, 64),
        *conv_bn_relu(64, 64, pooled=True),
        *conv_bn_relu(64, 128),
        *conv_bn_relu(128, 128, pooled=True),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(128 * 3 * 3, classes),
    )


CLASSIFIERS: dict[str, Classifier] = {
    "softmax": Classifier(
        "Softmax",
        "Softmax regression: a weighted sum of the pixels for each class, without a hidden layer.",
        _softmax,
        can_reject=False,
    ),
    "mlp": Classifier(
        "MLP",
        "Two hidden layers of 128 and 64 neurons; each neuron of the first sees all pixels.",
        _mlp,
    ),
    "cnn": Classifier(
        "CNN",
        "Two convolutions of 3×3 pixels, which detect strokes anywhere in the picture.",
        _cnn,
    ),
    "lenet": Classifier(
        "LeNet-5",
        "The network of LeCun, Bottou, Bengio and Haffner (1998) that read cheques, "
        "with a plain linear output.",
        _lenet,
    ),
    "deep": Classifier(
        "Deep CNN",
        "Five convolutions with batch normalisation: the most accurate classifier here.",
        _deep,
    ),
}
