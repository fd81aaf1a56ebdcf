"""Names and numbers on the digits page that have little room."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.pages.digits.training.training_progress import evaluated_count_html, header_numbers
from playground.views.images import captioned_images
from playground.views.images.layout.label_placement import separate_labels
from playground.views.images.memo import Memo
from playground.views.images.probability_bars import probability_bars, wrap_name
from playground.views.images.view_data import BarsData, CaptionedImagesData
from playground.views.live_view import element_plots
from playground.views.theme import LIGHT
from tests.support.patching import render

PLACES = arrays(
    np.float32, st.tuples(st.integers(0, 12), st.just(2)), elements=st.floats(-3, 3, width=32)
)


def overlaps(places: np.ndarray, size: tuple[float, float]) -> int:
    """Count pairs of boxes that cover each other, by more than rounding."""
    return sum(
        bool((np.abs(one - other) < 0.999 * np.array(size)).all())
        for number, one in enumerate(places)
        for other in places[:number]
    )


@given(PLACES)
def test_no_name_covers_another(places: np.ndarray) -> None:
    size = (0.4, 0.3)
    apart = separate_labels(places, size)
    assert apart.shape == places.shape
    assert overlaps(apart, size) == 0


@given(PLACES)
def test_names_that_touch_nothing_stay_where_they_are(places: np.ndarray) -> None:
    far = places + 10 * np.arange(len(places))[:, None].astype(np.float32)
    np.testing.assert_array_equal(separate_labels(far, (0.4, 0.3)), far)


def test_a_name_goes_the_short_way_and_round_others() -> None:
    size = np.array([[2.0, 1.0], [4.0, 1.0], [2.0, 1.0]])
    requested = np.array([[0, 0], [1, 0.8], [0.1, 0.9]])
    apart = separate_labels(requested, size)
    np.testing.assert_allclose(apart[:2], [[0, 0], [1, 1]], atol=0.01)
    np.testing.assert_allclose(apart[2], [0.1, 2], atol=0.01)


@pytest.mark.parametrize(
    ("name", "pixels", "said"),
    [
        ("Training now", 110, "Training now"),
        ("Training now", 50, "Training\nnow"),
        ("Deep CNN", 63, "Deep\nCNN"),
        ("Deep CNN", 30, "Deep\nCNN"),
        ("Convolutional", 31, "Conv…"),
    ],
)
def test_long_names_of_models_take_two_lines(name: str, pixels: float, said: str) -> None:
    assert wrap_name(name, pixels) == said


def test_on_a_phone_no_model_loses_its_name() -> None:
    names = ("Softmax", "MLP", "CNN", "Deep CNN", "Training now")
    live = probability_bars(BarsData(names, np.full((5, 10), 0.1)), LIGHT)
    plot = render(live)
    live.set(size=(310.0, 300.0))
    shown = element_plots(plot)[2].handles["source"].data["text"]
    assert [name.replace("\n", " ") for name in shown] == list(names)


@given(
    st.lists(
        st.tuples(st.sampled_from(["7", "T-shirt", "Ankle boot"]), st.booleans()), max_size=30
    ),
    st.tuples(st.integers(40, 700), st.integers(40, 500)),
)
def test_each_picture_of_a_gallery_has_its_caption(
    given_: list[tuple[str, bool]], size: tuple[int, int]
) -> None:
    captions = tuple(f"98% {name}\n" + "is 1" * wrong for name, wrong in given_)
    wrong = np.flatnonzero([wrong for _, wrong in given_])
    data = CaptionedImagesData(np.full((len(given_), 28, 28), 9, np.uint8), captions, wrong)
    images, frames, right, others = captioned_images.columns(
        lambda data: data, Memo(), data, LIGHT, size
    )
    grid = captioned_images.grid_of(len(given_), (28, 28), captions, size)
    pictures = (images["image"][0][:: grid.step[0], :: grid.step[1]] > 0).sum() if given_ else 0
    assert len(right["text"]) + len(others["text"]) == pictures == grid.count
    assert len(others["text"]) == len(frames["left"])
    # Two lines of them end above the lower edge.
    assert all(y >= 2 * 12.6 for y in (*right["y"], *others["y"]))


# Numbers -----------------------------------------------------------------------------------------


def test_an_accuracy_says_of_how_many_pictures_it_speaks() -> None:
    assert evaluated_count_html(2000, 10_000) == "<small>on 2,000 of 10,000</small>"
    assert evaluated_count_html(10_000, 10_000) == "<small>on all 10,000</small>"
    assert evaluated_count_html(0, 10_000) == ""


def test_the_header_knows_how_many_there_are() -> None:
    tests = SimpleNamespace(labels=range(10_000))
    problem = SimpleNamespace(images=SimpleNamespace(test=tests))
    score = SimpleNamespace(loss=0.2, accuracy=0.93)
    frame = SimpleNamespace(epoch=1, images_per_s=10.0, train=score, test=score, tested_count=2000)
    name, value = header_numbers(problem, frame)[-1]
    assert (name, value) == (
        "<div>test accuracy <small>on 2,000 of 10,000</small></div>",
        "93%",
    )
    assert "on all 2,000" in header_numbers(SimpleNamespace(images=None), frame)[-1][0]
