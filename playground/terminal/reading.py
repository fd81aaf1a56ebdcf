"""A reading as text: what the network saw, next to what it makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.reading import Reading, as_number, doubtful
from playground.terminal.picture import bar, half_blocks

_BAR = 30
_TOP = 2  # lines of the picture above the first bar


def told(readings: Sequence[Reading]) -> Iterator[str]:
    """Give the lines that show readings, and what several come to when read as one number."""
    for reading in readings:
        yield from shown(reading)
    if len(readings) > 1:
        yield f"  Read as {as_number([str(reading.digit) for reading in readings])}."


def shown(reading: Reading) -> Iterator[str]:
    """Give the lines that show a reading: the picture, ten bars beside it, and the answer."""
    for number, line in enumerate(half_blocks(reading.picture), -_TOP):
        yield f"  {line}  {_bar(reading, number)}".rstrip()
    yield f"  {answer(reading)}"


def answer(reading: Reading) -> str:
    """Say in a few words what was read, and how surely."""
    sure = reading.probabilities[reading.digit]
    if doubtful(reading.probabilities):
        return f"Not a digit? If it is one, perhaps a {reading.digit} ({sure:.0%})."
    return f"{reading.digit} ({sure:.1%})"


def _bar(reading: Reading, digit: int) -> str:
    if digit not in range(10):
        return ""
    probability = reading.probabilities[digit]
    return f"{digit} {bar(probability, _BAR):{_BAR}} {probability:6.1%}"
