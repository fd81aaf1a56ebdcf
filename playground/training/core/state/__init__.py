"""The state of a trainer as numbers and tensors: saved, and restored with checks."""
