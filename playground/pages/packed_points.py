"""Points of one's own in a link: a few letters each, a little coarser than they are."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.cloud_registry import EDGE
from playground.problems.latest import Latest
from playground.problems.placing import MOST_CLASSES
from playground.problems.point_set import PointSet
from playground.problems.points import OWN, Points
from playground.problems.snapshot import Snapshot, numbered

MOST_PACKED = 1000
"""Points that a link carries, in some seven thousand letters."""
VALUES = "value"
"""Stands for the classes in regression."""

_LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
_DIGITS = {letter: digit for digit, letter in enumerate(_LETTERS.tolist())}
_STEPS = 64**2
"""How finely places, shares and values are told apart: in steps that two letters can number."""

Steps = npt.NDArray[np.int64]


class OwnPoints:
    """One's own points as a setting; "" while something else is learned.

    Parameters
    ----------
    problem : Points
    """

    name = "points"

    def __init__(self, problem: Points) -> None:
        self.owner = problem
        self.kind = _Packed()
        self._packed: Latest[str] = Latest()

    @property
    def value(self) -> str:
        """The points in letters."""
        if self.owner.shape != OWN:
            return ""
        points = self.owner.own.snapshot()
        return self._packed.get(points, lambda: packed(points))

    def put(self, value: str) -> None:
        """Learn these points; InputError if there were too many for the link."""
        if not value:
            return
        if value.isdecimal():
            self.owner.shape = self.owner.param.shape.default
            raise InputError(
                f"The link is about {value} points of somebody's own but does not hold them: "
                f"{MOST_PACKED:,} is the most."
            )
        if value != self.value:
            self.owner.adopt(PointSet(unpacked(value)))

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called whenever the points may have changed."""
        self.owner.param.watch(lambda _event: call(), "shape")


class _Packed:
    """The kind of text that `packed` gives."""

    about = f"up to {MOST_PACKED:,} points as this page writes them into a link"

    def read(self, given: object) -> str:
        """Take points in letters, or how many there would have been."""
        if not isinstance(given, str):
            raise ValueError
        if given and not (given.isdecimal() and len(given) < 6):
            unpacked(given)
        return given

    def near(self, value: str) -> str:
        """Nothing else can be read."""
        return value

    def text(self, value: str) -> str:
        """As it is."""
        return value


def packed(points: Snapshot) -> str:
    """Points as letters fit for an address: what their classes are, "~", and six or so a point.

    Of more points than `MOST_PACKED` only their number is left.
    """
    if len(points) > MOST_PACKED:
        return str(len(points))
    columns = [
        *_letters(np.round((points.x.astype(np.float64) / EDGE + 1) / 2 * (_STEPS - 1)).T),
        *_letters(np.floor(points.share * _STEPS)[None]),
    ]
    if points.regression:
        columns += _letters(np.round((points.y[None] + 1) / 2 * (_STEPS - 1)))
    else:
        columns.append(_LETTERS[points.y])
    return f"{_head(points.names)}~{''.join(np.stack(columns, axis=1).ravel().tolist())}"


def unpacked(text: str) -> Snapshot:
    """The points that `packed` has written.

    Raises
    ------
    ValueError
        If it has not; with no message.
    """
    head, mark, body = text.rpartition("~")
    names = _names(head)
    width = 7 if names else 8
    if not mark or len(body) % width or len(body) > MOST_PACKED * width:
        raise ValueError
    if not set(body) <= _DIGITS.keys():
        raise ValueError
    digits = np.array([_DIGITS[letter] for letter in body], np.int64).reshape(-1, width).T
    across, up, share = (digits[place] * 64 + digits[place + 1] for place in (0, 2, 4))
    x = (np.stack([across, up], axis=1) / (_STEPS - 1) * 2 - 1) * EDGE
    y = digits[6] if names else (digits[6] * 64 + digits[7]) / (_STEPS - 1) * 2 - 1
    if names and (y >= len(names)).any():
        raise ValueError
    return Snapshot(
        x.astype(np.float32),
        y if names else y.astype(np.float32),
        (share + 0.5) / _STEPS,
        names,
    )


def _letters(numbers: npt.NDArray[np.float64]) -> list[npt.NDArray[np.str_]]:
    """Two columns of letters for each row of numbers below `_STEPS`."""
    return [_LETTERS[digit] for row in numbers.astype(np.int64) for digit in (row // 64, row % 64)]


def _head(names: tuple[str, ...]) -> str:
    if not names:
        return VALUES
    if names == numbered(len(names)):
        return str(len(names))
    return ",".join(quote(name, safe=" ") for name in names)


def _names(head: str) -> tuple[str, ...]:
    if head == VALUES:
        return ()
    names = numbered(int(head)) if len(head) == 1 else tuple(map(unquote, head.split(",")))
    if not 2 <= len(names) <= MOST_CLASSES or len(set(names)) < len(names) or "" in names:
        raise ValueError
    return names
