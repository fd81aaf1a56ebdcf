"""The canvas, its connection with the drawing in Python, and image upload."""
