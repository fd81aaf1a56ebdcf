"""Saving work: named runs, autosaves, files to download."""
