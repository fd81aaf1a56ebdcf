"""Measurements of a classifier, repeated while it trains: probe set, PCA, embedding, tiles."""
