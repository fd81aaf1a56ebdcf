"""Pretrained digit classifiers, shipped in this folder as weights and model cards.

`<name>.safetensors` holds the weights of `CLASSIFIERS[name]`, and `<name>.json` their
`ModelCard`. Both are written by `playground train digits`.
"""

from playground.networks.pretrained.load import PRETRAINED_FOLDER, load, model_card, names
from playground.networks.pretrained.model_cards import ModelCard
from playground.networks.pretrained.weight_files import load_weights

__all__ = ["PRETRAINED_FOLDER", "ModelCard", "load", "load_weights", "model_card", "names"]
