"""Exports: code, weights, ONNX, reports, and snapshots that need no server."""
