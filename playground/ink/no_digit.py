"""What is raised when there is ink, perhaps, but no digit that could be read."""

from __future__ import annotations

from playground.errors import InputError


class NoDigitError(InputError):  # it says what was found
    """There is nothing to read: an empty canvas, a mere dot, a picture without contrast."""
