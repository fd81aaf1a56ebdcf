"""What the package raises when a person, not the program, has made a mistake."""


class InputError(ValueError):
    """Something given from outside cannot be used.

    The message is one or two sentences fit to be shown to the person who gave it: what was
    wrong, with what value, and what would be right.
    """


class NoDigitError(InputError):
    """There is no digit to classify: an empty canvas, a mere dot, a picture without contrast."""
