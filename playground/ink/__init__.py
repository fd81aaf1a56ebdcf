"""What people draw: strokes and images, brought to the 28×28 pixels that a network sees."""
