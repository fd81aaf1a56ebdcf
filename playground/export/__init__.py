"""Exports: code, weights, ONNX, reports, and snapshots that need no server.

`formats.py` is the registry of them, from which pages and the command line offer them.
"""
