"""Threads that work for sessions: slices of training, files, explanations."""
