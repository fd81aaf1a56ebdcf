"""Labelled images as inputs of a network, and the batches that are made of them."""
