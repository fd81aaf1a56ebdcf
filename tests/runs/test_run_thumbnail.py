"""Pictures of runs in lists."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from playground.views.boundary import field_picture, picture_palette
from playground.views.run_thumbnail import SIDE, thumbnail
from playground.views.theme import LIGHT, masked_diverging_palette
from tests.support.training.dense_frames import make_frame
from tests.support.training.image_frames import make_image_frame


def colours(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


def test_a_boundary_stands_the_right_way_up() -> None:
    frame = make_frame()
    seen = colours(thumbnail(frame))
    assert seen.shape == (SIDE, SIDE, 3)
    shown, known = field_picture(frame, False), picture_palette(LIGHT, len(frame.classes))
    # The pixel's middle is looked up, counted from the top.
    places = ((np.arange(SIDE) + 0.5) * len(shown) / SIDE).astype(int)
    expected = shown[::-1][np.ix_(places, places)]
    rgb = np.array([list(bytes.fromhex(each[1:])) for each in known], np.uint8)
    np.testing.assert_array_equal(seen, rgb[expected])


def test_weight_tiles_have_the_colours_of_the_palette() -> None:
    seen = colours(thumbnail(make_image_frame()))
    known = {bytes.fromhex(each[1:7]) for each in (*masked_diverging_palette(LIGHT), LIGHT.surface)}
    assert {bytes(each) for each in seen.reshape(-1, 3)} <= known
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 2


def test_of_anything_else_there_is_no_picture() -> None:
    with pytest.raises(TypeError, match="no thumbnail of a str"):
        thumbnail("a frame")
