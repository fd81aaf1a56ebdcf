"""Opens images from files, bytes and arrays, after their size was checked."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy.typing as npt
from PIL import Image, ImageSequence, UnidentifiedImageError

from playground.errors import InputError
from playground.ink.photos.array_images import image_from_array

__all__ = ["MAX_BYTES", "MAX_PIXELS", "DecodedImage", "Source", "open_image"]

MAX_PIXELS = 20_000_000
MAX_BYTES = 100_000_000
JPEG_DRAFT_SIDE = 1200  # pixels along the long side: JPEGs are decoded at a reduced size
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
MAX_FRAMES = 100  # of an animation
ANIMATED = ("GIF", "PNG", "WEBP")
READABLE_FORMATS = "PNG, JPEG, WebP, BMP or GIF"

Source: TypeAlias = str | Path | bytes | Image.Image | npt.NDArray[Any]


@dataclass(frozen=True)
class DecodedImage:
    """A decoded image.

    Attributes
    ----------
    image : PIL.Image.Image
        Decoded, not yet turned upright, of any mode; a JPEG perhaps at a half, a quarter or an
        eighth of its size.
    size : tuple of int
        Width and height in pixels of the whole picture, not yet turned upright.
    remarks : tuple of str
        Sentences for the user about limits that applied.
    """

    image: Image.Image
    size: tuple[int, int]
    remarks: tuple[str, ...] = ()


def open_image(source: Source) -> DecodedImage:
    """Open an image; one that is too large is refused before it is decoded.

    Parameters
    ----------
    source : str, Path, bytes, PIL.Image.Image or numpy.ndarray
        A file's path, a file's content, or a picture. An array is (h, w), (h, w, 1),
        (h, w, 3) or (h, w, 4), of integers or of floats; see `playground.ink.photos.array_images`.

    Raises
    ------
    InputError
        If there is no such file, it is empty, cut short, no PNG, JPEG, WebP, BMP or GIF, has
        more than 20 million pixels or 100 million bytes.
    """
    if isinstance(source, Image.Image):
        return decode_image(source, check_size(source, "The picture"), "The picture")
    if isinstance(source, bytes | bytearray | memoryview):
        return image_from_bytes(bytes(source), "The file")
    if isinstance(source, str | Path):
        return image_from_bytes(read_file_bytes(Path(source)), f"“{Path(source).name}”")
    image = image_from_array(source, MAX_PIXELS)
    return DecodedImage(image, image.size)


def read_file_bytes(path: Path) -> bytes:
    """Read a file, but at most one byte more than allowed."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than allowed shows that it is too long
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is not a usable path"
        raise InputError(f"“{path.name}” cannot be read: {reason.lower()}.") from error


def image_from_bytes(data: bytes, what: str) -> DecodedImage:
    """Decode a file's content; `what` names it in messages."""
    if not data:
        raise InputError(f"{what} is empty: it has no bytes at all.")
    if len(data) > MAX_BYTES:
        raise InputError(f"{what} is longer than {MAX_BYTES // 10**6} MB.")
    Image.init()  # Pillow imports the modules of its formats lazily
    # Our limit is lower than the one that Pillow warns of.
    with (
        decoder_errors_as_input_errors(what),
        warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
    ):
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    size = check_size(image, what)
    with decoder_errors_as_input_errors(what):
        image.draft(None, (min(size[0], JPEG_DRAFT_SIDE), min(size[1], JPEG_DRAFT_SIDE)))
    return decode_image(image, size, what)


def check_size(image: Image.Image, what: str) -> tuple[int, int]:
    """Return width and height from the header of an image.

    Raises
    ------
    InputError
        If it has no pixels or more than 20 million.
    """
    width, height = image.size
    if width * height == 0:
        raise InputError(f"{what} has no pixels: it is {width} × {height}.")
    if width * height > MAX_PIXELS:
        raise InputError(
            f"{what} is {width:,} × {height:,} pixels, more than {MAX_PIXELS // 10**6} million: "
            "make it smaller, or cut out the part with the digits."
        )
    return width, height


def decode_image(image: Image.Image, size: tuple[int, int], what: str) -> DecodedImage:
    """Decode an image whose size was checked; of an animation only the first frame with ink.

    Raises
    ------
    InputError
        If it is cut short or damaged.
    """
    with decoder_errors_as_input_errors(what):
        is_animation = image.format in ANIMATED and getattr(image, "is_animated", False)
        image.load()
        blank = seek_ink(image) if is_animation else 0
    remark = f"{what} moves: only its first picture{' with ink' * (blank > 0)} is read."
    return DecodedImage(image, size, (remark,) if is_animation else ())


def seek_ink(animation: Image.Image) -> int:
    """Go on to the first frame with more than one colour, and return how many came before it.

    If there is none among the first 100, or 20 million pixels, the first frame stays.
    """
    most = min(MAX_FRAMES, MAX_PIXELS // (animation.width * animation.height))
    for number, frame in enumerate(islice(ImageSequence.Iterator(animation), most)):
        if any(low < high for low, high in channel_extremes(frame.convert("RGBA"))):
            return number
    animation.seek(0)
    return 0


def channel_extremes(image: Image.Image) -> list[tuple[int, int]]:
    """Return the least and the greatest level of each channel."""
    return [band.getextrema() for band in image.split()]  # type: ignore[misc]


@contextmanager
def decoder_errors_as_input_errors(what: str) -> Iterator[None]:
    """Convert all errors of decoders to InputErrors."""
    try:
        yield
    except UnidentifiedImageError as error:
        raise InputError(f"{what} is not a picture: it is no {READABLE_FORMATS} file.") from error
    except Image.DecompressionBombError as error:
        limit = f"more than {MAX_PIXELS // 10**6} million pixels"
        raise InputError(f"{what} has {limit}: make it smaller.") from error
    except Exception as error:  # Decoders raise struct.error, EOFError, SyntaxError, ...
        message = f"{what} is damaged or cut short: it begins like a picture but does not go on."
        raise InputError(message) from error
