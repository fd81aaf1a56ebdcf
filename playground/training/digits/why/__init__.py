"""Why a network takes a picture for what it does.

All functions take a network in evaluation mode from (n, 1, 28, 28) to logits (n, classes), and
pictures as bytes, uint8 (28, 28), 0 for paper. Several threads may ask about the same network at
once; nothing about it is changed.
"""

from playground.training.digits.why.exciting import exciting
from playground.training.digits.why.feature_maps import feature_maps
from playground.training.digits.why.saliency import saliency
from playground.training.digits.why.what_if import Change, what_if

__all__ = ["Change", "exciting", "feature_maps", "saliency", "what_if"]
