"""The scores of an image classifier: on test images, and on those it learns from."""
