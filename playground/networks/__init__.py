"""Neural networks: dense networks, image classifiers, pretrained models, and user modules."""
