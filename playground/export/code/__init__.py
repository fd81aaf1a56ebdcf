"""The code of a page: its problem, network and training as a short PyTorch script."""

from playground.export.code.script import script

__all__ = ["script"]
