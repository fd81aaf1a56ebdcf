"""Views of image classifiers, and of their predictions for a single picture."""
