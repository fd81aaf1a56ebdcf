"""Layout of images, labels and frames in a figure."""
