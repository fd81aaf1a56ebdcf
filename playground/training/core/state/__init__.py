"""The state of a trainer as numbers and tensors, written out and read back with checks."""
