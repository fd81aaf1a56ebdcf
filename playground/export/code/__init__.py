"""Show me the code: what is on the page as a short script of PyTorch."""

from playground.export.code.script import script

__all__ = ["script"]
