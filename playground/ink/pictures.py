"""Pictures from outside: files, bytes and arrays, opened with their limits checked first."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from playground.errors import InputError
from playground.ink.arrays import as_image

__all__ = ["MOST_BYTES", "MOST_PIXELS", "Opened", "Source", "opened"]

MOST_PIXELS = 20_000_000
MOST_BYTES = 100_000_000
ENOUGH = 1200  # pixels along the long side; a JPEG is decoded no finer than this asks for
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
ANIMATED = ("GIF", "PNG", "WEBP")
READABLE = "PNG, JPEG, WebP, BMP or GIF"

Source: TypeAlias = str | Path | bytes | Image.Image | npt.NDArray[Any]


@dataclass(frozen=True)
class Opened:
    """A decoded picture.

    Attributes
    ----------
    image : PIL.Image.Image
        Decoded, not yet turned upright, of any mode; a JPEG perhaps at a half, a quarter or an
        eighth of its size.
    size : tuple of int
        Width and height in pixels of the whole picture, not yet turned upright.
    remarks : tuple of str
        What the person should know about how it was read.
    """

    image: Image.Image
    size: tuple[int, int]
    remarks: tuple[str, ...] = ()


def opened(source: Source) -> Opened:
    """Open a picture of any kind, refusing what is too large before it is decoded.

    Parameters
    ----------
    source : str, Path, bytes, PIL.Image.Image or numpy.ndarray
        A file's path, a file's content, or a picture. An array is (h, w), (h, w, 1),
        (h, w, 3) or (h, w, 4), of integers or of floats; see `playground.ink.arrays`.

    Raises
    ------
    InputError
        If there is no such file, it is empty, cut short, no PNG, JPEG, WebP, BMP or GIF, has
        more than 20 million pixels or 100 million bytes.
    """
    if isinstance(source, Image.Image):
        return decoded(source, checked_size(source, "The picture"), "The picture")
    if isinstance(source, bytes | bytearray | memoryview):
        return from_bytes(bytes(source), "The file")
    if isinstance(source, str | Path):
        return from_bytes(content(Path(source)), f"“{Path(source).name}”")
    image = as_image(source, MOST_PIXELS)
    return Opened(image, image.size)


def content(path: Path) -> bytes:
    """Read a file, or as much of it as shows that it is too long."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)  # one more than may be, so that too long shows
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is not a usable path"
        raise InputError(f"“{path.name}” cannot be read: {reason.lower()}.") from error


def from_bytes(data: bytes, what: str) -> Opened:
    """Decode a file's content; `what` names it in messages."""
    if not data:
        raise InputError(f"{what} is empty: it has no bytes at all.")
    if len(data) > MOST_BYTES:
        raise InputError(f"{what} is longer than {MOST_BYTES // 10**6} MB.")
    Image.init()  # Pillow knows a format only once its module has been imported
    # Our own limit is lower than the one that Pillow warns of, and says more.
    with (
        clear_failures(what),
        warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
    ):
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    size = checked_size(image, what)
    with clear_failures(what):
        image.draft(None, (min(size[0], ENOUGH), min(size[1], ENOUGH)))
    return decoded(image, size, what)


def checked_size(image: Image.Image, what: str) -> tuple[int, int]:
    """Return width and height as an image's header gives them.

    Raises
    ------
    InputError
        If it has no pixels or more than 20 million.
    """
    width, height = image.size
    if width * height == 0:
        raise InputError(f"{what} has no pixels: it is {width} × {height}.")
    if width * height > MOST_PIXELS:
        raise InputError(
            f"{what} is {width:,} × {height:,} pixels, more than {MOST_PIXELS // 10**6} million: "
            "make it smaller, or cut out the part with the digits."
        )
    return width, height


def decoded(image: Image.Image, size: tuple[int, int], what: str) -> Opened:
    """Decode an image whose size has been checked; only the first picture of one that moves.

    Raises
    ------
    InputError
        If it is cut short or damaged.
    """
    with clear_failures(what):
        moves = image.format in ANIMATED and getattr(image, "is_animated", False)
        image.load()
    return Opened(image, size, (f"{what} moves: only its first picture is read.",) if moves else ())


@contextmanager
def clear_failures(what: str) -> Iterator[None]:
    """Turn whatever a decoder makes of a bad file into a sentence."""
    try:
        yield
    except UnidentifiedImageError as error:
        raise InputError(f"{what} is not a picture: it is no {READABLE} file.") from error
    except Image.DecompressionBombError as error:
        limit = f"more than {MOST_PIXELS // 10**6} million pixels"
        raise InputError(f"{what} has {limit}: make it smaller.") from error
    # Decoders meet foreign bytes here and fail in every way Python knows: struct.error,
    # EOFError, SyntaxError, OverflowError, ...
    except Exception as error:
        message = f"{what} is damaged or cut short: it begins like a picture but does not go on."
        raise InputError(message) from error
