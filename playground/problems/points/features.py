"""The registry of features that a network can take of a point (x, y).

A new feature is one entry here. All take points as a tensor (n, 2) and return (n,).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

FEATURES: dict[str, Callable[[Tensor], Tensor]] = {
    "x": lambda points: points[:, 0],
    "y": lambda points: points[:, 1],
    "x²": lambda points: points[:, 0].square(),
    "y²": lambda points: points[:, 1].square(),
    "xy": lambda points: points[:, 0] * points[:, 1],
    "sin x": lambda points: torch.sin(points[:, 0]),
    "sin y": lambda points: torch.sin(points[:, 1]),
    "cos x": lambda points: torch.cos(points[:, 0]),
    "cos y": lambda points: torch.cos(points[:, 1]),
}
