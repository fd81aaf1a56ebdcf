"""Groups of layers that readers are put together from."""

from __future__ import annotations

from torch import nn


def conv_bn_relu(channels_in: int, channels_out: int, *, pooled: bool = False) -> list[nn.Module]:
    """Make a 3×3 convolution, batch normalisation and ReLU that keep height and width.

    Parameters
    ----------
    pooled : bool
        Halve height and width. The largest of each 2×2 is taken before the normalisation and
        not after it: nearly the same function for a quarter of the work.
    """
    return [
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        *([nn.MaxPool2d(2)] if pooled else []),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    ]
