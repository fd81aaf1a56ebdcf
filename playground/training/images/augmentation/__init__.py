"""Random distortions of training images."""
