"""The canvas to draw on, and image upload."""
