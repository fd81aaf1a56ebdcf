"""Layout of pictures of one size in rows, as large as the available space allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.problems.problem import Floats
from playground.training.images.frame import Integers
from playground.views.size_tracking import Size
from playground.views.theme import Indices

Shape = tuple[int, int]
FREE_BORDER = 2


@dataclass(frozen=True, slots=True)
class ImageGrid:
    """Pictures in rows from the upper left; coordinates are pixels from the lower left corner.

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
        Upper left corner of the first picture.
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
        """Number of rows, at least one; the last may be shorter."""
        return max(-(-self.count // self.columns), 1)

    @property
    def step(self) -> Shape:
        """Distance of adjacent pictures in cells: down, and across."""
        return self.shape[0] + self.gaps[0], self.shape[1] + self.gaps[1]

    @property
    def width(self) -> float:
        """Width of one picture in pixels."""
        return self.shape[1] * self.cell

    def edges(self, which: Integers) -> dict[str, Floats]:
        """Return left, bottom, right and top of pictures by index, each of shape (len(which),)."""
        down, across = np.divmod(which, self.columns)
        left = self.left + across * (self.step[1] * self.cell)
        top = self.top - down * (self.step[0] * self.cell)
        bottom, right = top - self.shape[0] * self.cell, left + self.width
        sides = {"left": left, "bottom": bottom, "right": right, "top": top}
        return {name: side.astype(np.float32) for name, side in sides.items()}

    def index_at(self, x: float, y: float) -> int | None:
        """Return the index of the picture at (x, y), half the gaps around it included, or None."""
        down = (self.top - y) / self.cell + self.gaps[1] / 2
        across = (x - self.left) / self.cell + self.gaps[1] / 2
        row, column = int(down // self.step[0]), int(across // self.step[1])
        number = row * self.columns + column
        inside = row >= 0 and 0 <= column < self.columns and number < self.count
        return number if inside else None

    def image_columns(self, pictures: Indices) -> dict[str, list[Any]]:
        """Return the columns of a `PaletteImages` element: one image, index 0 between pictures.

        Parameters
        ----------
        pictures : uint8 array of shape (count, h, w)
        """
        (height, width), (below, beside) = self.step, self.gaps
        cells = np.zeros((self.rows * self.columns, height, width), np.uint8)
        cells[: self.count, : self.shape[0], : self.shape[1]] = pictures
        tiled = cells.reshape(self.rows, self.columns, height, width).swapaxes(1, 2)
        flat = tiled.reshape(self.rows * height, self.columns * width)
        flat = flat[: len(flat) - below, : flat.shape[1] - beside][::-1]
        tall, wide = (side * self.cell for side in flat.shape)
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
    """Return the layout with the largest pictures, centred.

    A few pixels stay free at the edges, for outlines.

    Parameters
    ----------
    count : int
    shape : (int, int)
        Height and width of a picture in cells.
    size : (float, float)
        Available width and height in pixels.
    gap : int
        Cells between two pictures.
    caption : float
        Pixels below each picture.
    largest : float
        Maximal height of a picture in pixels.
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
    """Return the largest possible side of a cell for a number of columns, in pixels."""
    rows = -(-max(count, 1) // columns)
    across = size[0] / (columns * (shape[1] + gap) - gap)
    # Captions are rounded up to whole cells.
    down = (size[1] - rows * caption) / (rows * (shape[0] + gap + bool(caption)) - gap)
    return max(min(across, down), 0.1)
