"""Patches of Bokeh and Panel: faults mended, and messages and models made cheaper."""
