"""Exceptions for invalid input from the user."""


class InputError(ValueError):
    """Invalid input: a value, a file or an option that cannot be used.

    The message is one or two sentences that can be shown to the user: what is wrong, the value
    given, and what is allowed.
    """


class NoDigitError(InputError):
    """No digit to classify: an empty canvas, a single dot, or a picture without contrast."""
