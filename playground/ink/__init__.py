"""Drawings and images of digits, converted to the 28×28 pixels of a network's input."""
