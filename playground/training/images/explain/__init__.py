"""Explanations of a classifier's predictions.

All functions take a network in evaluation mode, from (n, 1, 28, 28) to logits (n, classes), and
pictures as uint8 arrays of shape (28, 28), 0 for paper and 255 for ink. They leave the network
unchanged, and several threads may use the same network at once.
"""

from playground.training.images.explain.counterfactual import (
    Counterfactual,
    PenStroke,
    counterfactual,
)
from playground.training.images.explain.feature_maps import feature_maps
from playground.training.images.explain.occlusion import Occlusion, Part, occlusion
from playground.training.images.explain.top_activating import top_activating_images

__all__ = [
    "Counterfactual",
    "Occlusion",
    "Part",
    "PenStroke",
    "counterfactual",
    "feature_maps",
    "occlusion",
    "top_activating_images",
]
