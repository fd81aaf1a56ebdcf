"""Readers that have learned already, kept in this folder as weights and cards.

`<name>.safetensors` holds the weights of `READERS[name]`, `<name>.json` says where they come
from. Both are written by `playground train digits`.
"""

from playground.networks.pretrained.card import Card
from playground.networks.pretrained.load import HOME, card, load, names
from playground.networks.pretrained.weights import loaded

__all__ = ["HOME", "Card", "card", "load", "loaded", "names"]
