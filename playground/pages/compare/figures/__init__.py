"""Figures of many runs with one selection, on the page Compare."""
