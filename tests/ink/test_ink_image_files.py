"""Files that are no pictures, broken, too large or unusual are refused in a sentence."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from playground.errors import InputError
from playground.ink.photos.digit_detection import detect_digits
from playground.ink.photos.image_files import open_image
from tests.support.data.photos import SEVEN, encode_image, page, photo

PICTURE = photo(page((SEVEN, (30, 10), 70), size=(120, 90), width=6))
FILES = {kind: encode_image(PICTURE, kind) for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF")}


def png_claiming(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + FILES["PNG"][33:]


@pytest.mark.parametrize("kind", FILES)
def test_usual_files_open(kind):
    assert open_image(FILES[kind]).size == (120, 90)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_half_a_file_is_damaged(kind):
    with pytest.raises(InputError, match="damaged or cut short"):
        open_image(FILES[kind][: len(FILES[kind]) // 2])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"This is a text.\n" * 100, "not a picture"),
        (encode_image(PICTURE, "TIFF"), "not a picture"),
        (png_claiming(10_000, 10_000), "10,000 × 10,000 pixels, more than 20 million|more than 20"),
        (png_claiming(5_000, 5_000), "5,000 × 5,000 pixels"),
        (png_claiming(2**31 - 1, 2**31 - 1), "more than 20 million"),
    ],
    ids=["empty", "text", "tiff", "100 megapixels", "25 megapixels", "bomb"],
)
def test_files_that_cannot_be_read_are_named(data, sentence, tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes(data)
    with pytest.raises(InputError, match=sentence) as refused:
        open_image(path)
    assert "“digit.png”" in str(refused.value)
    with pytest.raises(InputError, match=sentence):
        open_image(data)


@pytest.mark.parametrize("name", ["missing.png", "", "a\0b.png"])
def test_paths_that_lead_nowhere(name, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        open_image(str(tmp_path) + "/" + name)


def test_the_first_picture_of_one_that_moves():
    frames = [Image.fromarray(PICTURE), Image.fromarray(255 - PICTURE)]
    data = encode_image(frames[0], "GIF", save_all=True, append_images=frames[1:])
    detections = detect_digits(data)
    assert "only its first picture" in " ".join(detections.remarks)
    still = detect_digits(encode_image(frames[0], "GIF")).found[0]
    assert (detections.found[0].pictures == still.pictures).all()


def test_a_picture_of_the_caller_is_left_as_it_was():
    image = Image.fromarray(np.kron(PICTURE, np.ones((20, 20, 1), np.uint8)))
    detect_digits(image)
    assert image.size == (2400, 1800)


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros(5), "shape"),
        (np.zeros((3, 4, 2)), "shape"),
        (np.zeros((0, 4)), "pixels"),
        (np.full((9, 9), np.nan), "finite"),
        (np.array([["a"]]), "numbers"),
        (np.broadcast_to(np.zeros((1, 1)), (10_000, 10_000)), "pixels"),
        (None, "numbers"),
    ],
)
def test_arrays_that_are_no_pictures(array, sentence):
    with pytest.raises(InputError, match=sentence):
        detect_digits(array)


def check_detected_or_refused(source: object) -> None:
    try:
        detections = detect_digits(source)
    except InputError:
        return
    width, height = detections.size
    for found in detections.found:
        left, top, right, bottom = found.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert found.pictures.shape[1:] == (28, 28)
        assert found.pictures.dtype == np.uint8
        assert found.pictures.reshape(len(found.pictures), -1).any(axis=1).all()


@pytest.mark.fuzz
@given(st.binary(max_size=300))
def test_random_bytes(data):
    check_detected_or_refused(data)


@pytest.mark.fuzz
@given(st.sampled_from(sorted(FILES)), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_files_with_changed_bytes(kind, place, change):
    data = bytearray(FILES[kind])
    place %= len(data)
    data[place : place + len(change)] = change
    check_detected_or_refused(bytes(data))


SHAPES = st.one_of(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3, 4])),
)
KINDS = st.sampled_from([np.uint8, np.bool_, np.uint16, np.int64, np.float32, np.float64])


@pytest.mark.fuzz
@given(KINDS.flatmap(lambda kind: arrays.arrays(kind, SHAPES)))
def test_arrays_of_any_numbers(array):
    check_detected_or_refused(array)
