"""The digits page: canvas, predictions, and training of image classifiers."""
