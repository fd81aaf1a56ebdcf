"""Why a network takes a picture for what it does.

All functions take a network in evaluation mode from (n, 1, 28, 28) to logits (n, classes), and
pictures as bytes, uint8 (28, 28), 0 for paper. Several threads may ask about the same network at
once; nothing about it is changed.
"""

from playground.training.images.explain.counterfactual import Counterfactual, counterfactual
from playground.training.images.explain.feature_maps import feature_maps
from playground.training.images.explain.saliency import saliency
from playground.training.images.explain.top_activating import top_activating_images

__all__ = ["Counterfactual", "counterfactual", "feature_maps", "saliency", "top_activating_images"]
