"""Metrics over the epochs: of one run, and of several compared."""
