"""The custom image classifier: an MLP or a CNN built from a few settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import param
from torch import nn

from playground.errors import InputError
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.layer_sizes import LayerSizes

SIDE = 28
MAX_CHANNELS = 128
MAX_UNITS = 512
MAX_PARAMETERS = 5_000_000
MAX_MULTIPLICATIONS = 300_000_000
"""Of one picture: one core then classifies 10,000 test pictures in a minute or two."""


class CustomClassifier(param.Parameterized):
    """The settings of an image classifier for pictures of 28×28 pixels; `build` creates it.

    Raises
    ------
    InputError
        When `channels` or `hidden` is set to an invalid value; the old value is kept.
        Other values out of range raise ValueError, as with any Param class.
    """

    kind: param.Selector[str] = param.Selector(
        default="CNN",
        objects=["MLP", "CNN"],
        doc="MLP: dense layers only. CNN: convolutions, then dense layers.",
    )
    channels = LayerSizes(
        [16, 32],
        maximum=MAX_CHANNELS,
        unit="channels",
        bounds=(1, 6),
        doc="Channels of each convolution; used by a CNN only.",
    )
    kernel: param.Selector[int] = param.Selector(
        default=3, objects=[1, 3, 5, 7, 9], doc="Kernel size of each convolution, in pixels."
    )
    padded = param.Boolean(
        default=True, doc="Pad with zeros, so that convolutions keep the size of the picture."
    )
    pool: param.Selector[str] = param.Selector(
        default="max",
        objects=["none", "max", "average"],
        doc="Pooling of 2×2 pixels after each convolution.",
    )
    hidden = LayerSizes(
        [64], maximum=MAX_UNITS, unit="neurons", bounds=(0, 6), doc="Neurons of each dense layer."
    )
    activation: param.Selector[str] = param.Selector(
        default="ReLU", objects=list(ACTIVATIONS), doc="Activation function of all hidden layers."
    )
    dropout = param.Number(
        default=0.0,
        bounds=(0.0, 0.9),
        doc="Probability with which each neuron of a dense layer is left out of a training step.",
    )
    batch_norm = param.Boolean(
        default=False, doc="Normalise each channel or neuron to mean 0 and deviation 1."
    )

    def build(self, classes: int = 10) -> nn.Sequential:
        """Return the network with new weights, drawn from torch's global generator.

        Raises
        ------
        InputError
            If a kernel or a pooling is larger than the picture at that layer, or the network
            would have more than `MAX_PARAMETERS` weights, or multiply more than
            `MAX_MULTIPLICATIONS` times for each picture.
        """
        side, channels = (self._side_out(), self.channels[-1]) if self.kind == "CNN" else (SIDE, 1)
        widths = [side * side * channels, *self.hidden, classes]
        self._check_size(widths)
        conv_layers = list(self._convolutions()) if self.kind == "CNN" else []
        return nn.Sequential(*conv_layers, nn.Flatten(), *self._dense(widths))

    def _side_out(self) -> int:
        side, halvings = SIDE, 0
        for number in range(1, len(self.channels) + 1):
            if not self.padded and self.kernel > side:
                raise InputError(
                    f"{self._where_in_network(halvings, number)} the picture is {side}×{side}: "
                    "a kernel of "
                    f"{self.kernel}×{self.kernel} does not fit into it. Use a smaller kernel, "
                    f"fewer convolutions or no pooling, or turn padding on."
                )
            side -= 0 if self.padded else self.kernel - 1
            if self.pool != "none":
                if side < 2:
                    raise InputError(
                        f"{self._where_in_network(halvings, number + 1)} the picture is "
                        f"{side}×{side}: "
                        f"there is nothing left to pool. Use fewer convolutions or no pooling."
                    )
                side, halvings = side // 2, halvings + 1
        return side

    def _where_in_network(self, halvings: int, number: int) -> str:
        """Return the place before convolution `number`, such as "After 1 convolution"."""
        done = number - 1
        convolutions = f"{done} convolution{'s' * (done != 1)}"
        poolings = f" and {halvings} pooling{'s' * (halvings != 1)}" if halvings else ""
        return f"After {convolutions}{poolings}" if done else "At the start"

    def _check_size(self, widths: Sequence[int]) -> None:
        weights = multiplications = sum(a * b for a, b in pairwise(widths))
        side = SIDE
        for before, after in pairwise([1, *self.channels] if self.kind == "CNN" else []):
            kernels = self.kernel**2 * before * after
            side -= 0 if self.padded else self.kernel - 1
            weights += kernels
            multiplications += kernels * side**2
            side //= 1 if self.pool == "none" else 2
        if weights > MAX_PARAMETERS:
            raise InputError(
                f"This network would have {weights:,} weights; {MAX_PARAMETERS:,} are the most. "
                f"Use pooling, or fewer channels or neurons."
            )
        if multiplications > MAX_MULTIPLICATIONS:
            raise InputError(
                f"This network would multiply {multiplications:,} times for each picture; "
                f"{MAX_MULTIPLICATIONS:,} are the most. "
                f"Use pooling, a smaller kernel, or fewer channels."
            )

    def _convolutions(self) -> Iterator[nn.Module]:
        pools = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
        padding = self.kernel // 2 if self.padded else 0
        for before, after in pairwise([1, *self.channels]):
            yield nn.Conv2d(before, after, self.kernel, padding=padding)
            if self.batch_norm:
                yield nn.BatchNorm2d(after)
            yield ACTIVATIONS[self.activation].module()
            if self.pool in pools:
                yield pools[self.pool](2)

    def _dense(self, widths: Sequence[int]) -> Iterator[nn.Module]:
        for before, after in pairwise(widths[:-1]):
            yield nn.Linear(before, after)
            if self.batch_norm:
                yield nn.BatchNorm1d(after)
            yield ACTIVATIONS[self.activation].module()
            if self.dropout:
                yield nn.Dropout(self.dropout)
        yield nn.Linear(widths[-2], widths[-1])
