"""Exports: code, weights, ONNX, reports, and snapshots that need no server.

Pages offer them in `pages/runs/drawer/files_tab.py`, the command in `cli/export_run.py`.
"""
