"""Networks that read digits: ready-made ones, one's own, and what they are made of.

All take pictures of shape (n, 1, 28, 28), float32 from -1 (paper) to 1 (ink), and give one
logit for each class, shape (n, classes).
"""

from playground.networks.readers.builder import OwnReader
from playground.networks.readers.outline import Stage, outline
from playground.networks.readers.registry import READERS, Reader

__all__ = ["READERS", "OwnReader", "Reader", "Stage", "outline"]
