"""How pictures of one size stand in rows, so that they are as large as the room allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.problems.problem import Floats
from playground.training.images.frame import Integers
from playground.views.theme import Indices

Size = tuple[float, float]
Shape = tuple[int, int]
FREE_BORDER = 2


@dataclass(frozen=True, slots=True)
class ImageGrid:
    """Pictures in rows from the upper left, in pixels from the lower left corner of the room.

    Attributes
    ----------
    count, columns : int
    shape : (int, int)
        Height and width of a picture in cells.
    gaps : (int, int)
        Cells below each picture, and to the right of it.
    cell : float
        Side of a cell in pixels.
    left, top : float
        Where the first picture begins.
    """

    count: int
    columns: int
    shape: Shape
    gaps: Shape
    cell: float
    left: float
    top: float

    @property
    def rows(self) -> int:
        """How many rows there are, at least one; the last may be shorter."""
        return max(-(-self.count // self.columns), 1)

    @property
    def step(self) -> Shape:
        """Cells from one picture to the one below, and to the next."""
        return self.shape[0] + self.gaps[0], self.shape[1] + self.gaps[1]

    @property
    def width(self) -> float:
        """Of one picture, in pixels."""
        return self.shape[1] * self.cell

    def edges(self, which: Integers) -> dict[str, Floats]:
        """Left, bottom, right and top of pictures by number, each of shape (len(which),)."""
        down, across = np.divmod(which, self.columns)
        left = self.left + across * (self.step[1] * self.cell)
        top = self.top - down * (self.step[0] * self.cell)
        bottom, right = top - self.shape[0] * self.cell, left + self.width
        sides = {"left": left, "bottom": bottom, "right": right, "top": top}
        return {name: side.astype(np.float32) for name, side in sides.items()}

    def index_at(self, x: float, y: float) -> int | None:
        """The number of the picture at (x, y), half of the gaps around it included."""
        down = (self.top - y) / self.cell + self.gaps[1] / 2
        across = (x - self.left) / self.cell + self.gaps[1] / 2
        row, column = int(down // self.step[0]), int(across // self.step[1])
        number = row * self.columns + column
        inside = row >= 0 and 0 <= column < self.columns and number < self.count
        return number if inside else None

    def image_columns(self, pictures: Indices) -> dict[str, list[Any]]:
        """Columns of a `Pictures` element: all pictures in one, index 0 between them.

        Parameters
        ----------
        pictures : uint8 array of shape (count, h, w)
        """
        (height, width), (below, beside) = self.step, self.gaps
        room = np.zeros((self.rows * self.columns, height, width), np.uint8)
        room[: self.count, : self.shape[0], : self.shape[1]] = pictures
        tiled = room.reshape(self.rows, self.columns, height, width).swapaxes(1, 2)
        flat = tiled.reshape(self.rows * height, self.columns * width)
        flat = flat[: len(flat) - below, : flat.shape[1] - beside][::-1]
        tall, wide = (cells * self.cell for cells in flat.shape)
        return {
            "image": [np.ascontiguousarray(flat)],
            "x": [self.left],
            "y": [self.top - tall],
            "dw": [wide],
            "dh": [tall],
        }


def fit_grid(
    count: int, shape: Shape, size: Size, *, gap: int = 2, caption: float = 0, largest: float = 140
) -> ImageGrid:
    """Find the number of columns with which pictures are largest, and centre them.

    A few pixels stay free at the edges, for outlines.

    Parameters
    ----------
    count : int
    shape : (int, int)
        Height and width of a picture in cells.
    size : (float, float)
        Width and height of the room in pixels.
    gap : int
        Cells between two pictures.
    caption : float
        Pixels below each picture.
    largest : float
        No picture is higher than so many pixels.
    """
    room = (size[0] - 2 * FREE_BORDER, size[1] - 2 * FREE_BORDER)
    columns = max(
        range(1, max(count, 1) + 1), key=lambda each: _cell(each, count, shape, room, gap, caption)
    )
    cell = min(_cell(columns, count, shape, room, gap, caption), largest / shape[0])
    below = gap + int(np.ceil(caption / cell)) if caption else gap
    rows = -(-max(count, 1) // columns)
    wide = (columns * (shape[1] + gap) - gap) * cell
    tall = (rows * (shape[0] + below) - gap) * cell
    left, top = (size[0] - wide) / 2, size[1] - (size[1] - tall) / 2
    return ImageGrid(count, columns, shape, (below, gap), cell, left, min(top, size[1]))


def _cell(columns: int, count: int, shape: Shape, size: Size, gap: int, caption: float) -> float:
    """The largest side of a cell with so many columns, in pixels."""
    rows = -(-max(count, 1) // columns)
    across = size[0] / (columns * (shape[1] + gap) - gap)
    # A caption is at most a cell higher than it must be.
    down = (size[1] - rows * caption) / (rows * (shape[0] + gap + bool(caption)) - gap)
    return max(min(across, down), 0.1)
