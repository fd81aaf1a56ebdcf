"""Where images, labels and frames stand in a figure."""
