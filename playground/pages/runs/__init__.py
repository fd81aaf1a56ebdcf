"""Keeping what was learned: runs with names, and work that is saved by itself."""
