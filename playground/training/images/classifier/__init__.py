"""The classifier that is trained: built with new weights, stepped, saved and restored."""
