"""A person's own points as a setting, packed into letters that a URL carries unencoded.

The classes, "~", and for each point two letters for x, two for y, two for its place in the split,
and one for its class or two for its value. A letter is a digit in base 64, so that two number 4,096
levels. Links that people have shared are in this format.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.latest_result import LatestResult
from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import PointSnapshot, default_class_names
from playground.problems.points.points import OWN, Points
from playground.problems.points.position_checks import MAX_CLASSES

MAX_PACKED_POINTS = 1000
"""Points that a link carries at most, in some seven thousand letters."""
REGRESSION_MARK = "value"
"""Stands in the place of the classes in regression."""

_ALPHABET = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
_DIGITS = {letter: digit for digit, letter in enumerate(_ALPHABET.tolist())}
_LEVELS = 64**2
"""Levels of a coordinate, a place in the split or a value: as many as two letters can number."""


class PointsSetting:
    """A person's own points as a setting; "" while a shape is learned.

    Parameters
    ----------
    problem : Points
    """

    name = "points"

    def __init__(self, problem: Points) -> None:
        self.owner = problem
        self.value_type = _PackedPointsType()
        self._packed: LatestResult[str] = LatestResult()

    @property
    def value(self) -> str:
        """The user's own points, packed into text; "" while another shape is chosen."""
        if self.owner.shape != OWN:
            return ""
        points = self.owner.own.snapshot()
        return self._packed.get(points, lambda: pack_points(points))

    def assign(self, value: str) -> None:
        """Learn these points; InputError if there were too many for a link."""
        if not value:
            return
        if value.isdecimal():
            self.owner.shape = self.owner.param.shape.default
            raise InputError(
                f"The link is about {value} points of somebody's own but does not hold them: "
                f"{MAX_PACKED_POINTS:,} is the most."
            )
        if value != self.value:
            self.owner.adopt(PointSet(unpack_points(value)))

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function whenever the points may have changed."""
        self.owner.param.watch(lambda _event: call(), "shape")


class _PackedPointsType:
    """The texts that `pack_points` returns."""

    description = f"up to {MAX_PACKED_POINTS:,} points as this page writes them into a link"

    def parse(self, given: object) -> str:
        """Accept packed points, or their number if they were too many."""
        if not isinstance(given, str):
            raise ValueError
        if given and not (given.isdecimal() and len(given) < 6):
            unpack_points(given)
        return given

    def coerce(self, value: str) -> str:
        """Return the value unchanged, since no possible one is nearest to it."""
        return value

    def text(self, value: str) -> str:
        """Return the value, which is text already."""
        return value


def pack_points(points: PointSnapshot) -> str:
    """Pack points into letters; see the module.

    Of more points than `MAX_PACKED_POINTS` only their number is returned.
    """
    if len(points) > MAX_PACKED_POINTS:
        return str(len(points))
    columns = [
        *_encode(np.round((points.x.astype(np.float64) / PLANE_EDGE + 1) / 2 * (_LEVELS - 1)).T),
        *_encode(np.floor(points.split_key * _LEVELS)[None]),
    ]
    if points.regression:
        columns += _encode(np.round((points.y[None] + 1) / 2 * (_LEVELS - 1)))
    else:
        columns.append(_ALPHABET[points.y])
    return f"{_encode_classes(points.names)}~{''.join(np.stack(columns, axis=1).ravel().tolist())}"


def unpack_points(text: str) -> PointSnapshot:
    """Return the points that `pack_points` has packed, with coordinates rounded to a level.

    Raises
    ------
    ValueError
        If the text is none of `pack_points`; with no message.
    """
    head, mark, body = text.rpartition("~")
    names = _decode_classes(head)
    width = 7 if names else 8
    if not mark or len(body) % width or len(body) > MAX_PACKED_POINTS * width:
        raise ValueError
    if not set(body) <= _DIGITS.keys():
        raise ValueError
    digits = np.array([_DIGITS[letter] for letter in body], np.int64).reshape(-1, width).T
    across, up, split_key = (digits[place] * 64 + digits[place + 1] for place in (0, 2, 4))
    x = (np.stack([across, up], axis=1) / (_LEVELS - 1) * 2 - 1) * PLANE_EDGE
    y = digits[6] if names else (digits[6] * 64 + digits[7]) / (_LEVELS - 1) * 2 - 1
    if names and (y >= len(names)).any():
        raise ValueError
    return PointSnapshot(
        x.astype(np.float32),
        y if names else y.astype(np.float32),
        (split_key + 0.5) / _LEVELS,
        names,
    )


def _encode(numbers: npt.NDArray[np.float64]) -> list[npt.NDArray[np.str_]]:
    """Two columns of letters for each row of whole numbers below `_LEVELS`."""
    return [_ALPHABET[digit] for row in numbers.astype(np.int64) for digit in (row // 64, row % 64)]


def _encode_classes(names: tuple[str, ...]) -> str:
    if not names:
        return REGRESSION_MARK
    if names == default_class_names(len(names)):
        return str(len(names))
    return ",".join(quote(name, safe=" ") for name in names)


def _decode_classes(head: str) -> tuple[str, ...]:
    if head == REGRESSION_MARK:
        return ()
    counted = head.isdecimal() and len(head) < 3
    names = default_class_names(int(head)) if counted else tuple(map(unquote, head.split(",")))
    if not 2 <= len(names) <= MAX_CLASSES or len(set(names)) < len(names) or "" in names:
        raise ValueError
    return names
