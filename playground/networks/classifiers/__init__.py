"""Image classifiers: the registry, the custom classifier, and summaries of their layers.

All take pictures of shape (n, 1, 28, 28), float32 from -1 (background) to 1 (ink), and return
one logit for each class, shape (n, classes).
"""

from playground.networks.classifiers.classifier_registry import CLASSIFIERS, Classifier
from playground.networks.classifiers.custom_classifier import CustomClassifier
from playground.networks.classifiers.layer_summary import LayerSummary, summarise_layers

__all__ = ["CLASSIFIERS", "Classifier", "CustomClassifier", "LayerSummary", "summarise_layers"]
