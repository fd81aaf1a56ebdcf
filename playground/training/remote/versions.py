"""The versions of what decides what a training computes, the same wherever it goes on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

COMPARED_PACKAGES = ("neural-playground", "torch", "numpy")
"""Packages whose versions decide what a training computes."""


def versions() -> dict[str, str]:
    """Return the versions of what decides what a training computes."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in COMPARED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
