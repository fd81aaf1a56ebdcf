"""Loss landscapes: the training loss over a plane through the weights of a network."""

from playground.training.landscape.dense_landscape import dense_landscape
from playground.training.landscape.image_landscape import image_landscape
from playground.training.landscape.landscape import Landscape
from playground.training.landscape.settings import DIRECTIONS, LandscapeSettings

__all__ = ["DIRECTIONS", "Landscape", "LandscapeSettings", "dense_landscape", "image_landscape"]
