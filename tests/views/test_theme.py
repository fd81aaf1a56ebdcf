from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.views.theme import (
    DARK,
    LIGHT,
    class_index,
    class_palette,
    css,
    diverging_palette,
    full_colour_index,
    luminance,
    margin_index,
    margin_palette,
    masked_diverging_palette,
    ramp,
    use_surface_text,
    value_index,
)

# Machado, Oliveira and Fernandes (2009), severity 1: how linear sRGB is seen.
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
WHITE = (0.95047, 1, 1.08883)


def rgb(colour):
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255


def lab(colours, vision):
    levels = np.array([rgb(colour) for colour in colours])
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(vision), 0, 1)
    ratio = seen @ np.transpose(TO_XYZ) / WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_any_two_classes_are_told_apart_with_any_colour_vision(theme, vision):
    places = lab(theme.classes, VISION[vision])
    distances = np.linalg.norm(places[:, None] - places[None], axis=-1)
    assert distances[~np.eye(12, dtype=bool)].min() > 20  # 2.3 is just noticeable


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "least"), [("ink", 7), ("muted", 4.5), ("accent", 4.5)])
def test_text_is_readable_on_cards(theme, text, least):
    darker, brighter = sorted(luminance([getattr(theme, text), theme.surface]) + 0.05)
    assert brighter / darker >= least


def test_the_diverging_palette_runs_from_class_0_through_neutral_to_class_1():
    colours = diverging_palette(LIGHT)
    assert len(colours) == 256
    assert (colours[0], colours[255]) == LIGHT.classes[:2]
    assert colours[127] == colours[128] == LIGHT.neutral


def test_the_masked_palette_is_transparent_at_0_only():
    assert masked_diverging_palette(DARK) == ["#00000000", *diverging_palette(DARK)[1:]]


@pytest.mark.parametrize("k", range(1, 13))
def test_the_class_palette_gives_each_class_steps_up_to_its_colour(k):
    colours = class_palette(DARK, k)
    assert len(colours) == 256
    for number in range(k):
        run = colours[number * (256 // k) : (number + 1) * (256 // k)]
        assert (run[0], run[-1]) == (DARK.neutral, DARK.classes[number])
        assert colours[full_colour_index(number, k)] == DARK.classes[number]


def test_values_meet_the_ends_and_the_middle_of_the_diverging_palette():
    values = [-9, -2, 0, 2, 9, np.nan, np.inf, -np.inf]
    assert value_index(values, 2).tolist() == [0, 0, 128, 255, 255, 128, 255, 0]


@given(st.lists(st.floats(-5, 5), min_size=2), st.floats(0.1, 5))
def test_greater_values_never_have_lesser_indices(values, limit):
    indices = value_index(sorted(values), limit).astype(int)
    assert (np.diff(indices) >= 0).all()


@st.composite
def distributions(draw):
    k = draw(st.integers(2, 12))
    weights = draw(st.lists(st.floats(0.01, 1), min_size=k, max_size=k, unique=True))
    return np.array(weights) / sum(weights)


@given(distributions())
def test_class_index_says_who_leads_and_by_how_much(shares):
    run = 256 // len(shares)
    winner, strength = divmod(int(class_index(shares)), run)
    runner_up, best = np.sort(shares)[-2:]
    assert winner == shares.argmax() or best - runner_up < 1e-6
    assert strength == pytest.approx((best - runner_up) * (run - 1), abs=0.51)


@given(distributions())
def test_margins_look_like_leads_and_discretised_like_the_winner(shares):
    index = int(margin_index(shares.astype(np.float32)))
    winner, k = int(shares.astype(np.float32).argmax()), len(shares)
    assert margin_palette(LIGHT, k, discretise=True)[index] == LIGHT.classes[winner]
    runner_up, best = np.sort(shares)[-2:]
    exact = ramp(LIGHT.neutral, LIGHT.classes[winner], 256)[round((best - runner_up) * 255)]
    colours = [
        np.array(list(bytes.fromhex(each[1:]))) for each in (exact, margin_palette(LIGHT, k)[index])
    ]
    assert np.abs(colours[0].astype(int) - colours[1]).max() <= 255 * k / 100


def test_margins_go_on_growing_where_probabilities_round_to_1():
    small = np.array([1e-2, 1e-4, 1e-8, 1e-12, 1e-16], np.float32)
    strengths = margin_index(np.stack([1 - small, small], axis=-1)).astype(int)
    assert (np.diff(strengths) > 3).all()


def test_a_network_that_says_nan_is_shown_as_undecided():
    undecided = np.full((1, 3), np.nan)
    assert [class_index(undecided).tolist(), margin_index(undecided).tolist()] == [[0], [0]]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_readable_text_has_the_better_contrast(theme):
    palette = class_palette(theme, 12)
    choices = use_surface_text(palette, theme)
    ink, surface = luminance([theme.ink, theme.surface]) + 0.05
    for ground, choice in zip(luminance(palette) + 0.05, choices, strict=True):
        contrasts = [max(text, ground) / min(text, ground) for text in (ink, surface)]
        assert contrasts[int(choice)] == max(contrasts)


def test_luminance_of_black_and_white():
    assert luminance(["#000000", "#ffffff"]).tolist() == pytest.approx([0, 1])


def test_css_names_every_colour_of_the_theme():
    style = css(LIGHT)
    assert style.startswith(":root {")
    assert f"--pg-class-11: {LIGHT.classes[11]};" in style
    assert f"--pg-on-class-0: {LIGHT.ink}; " in style  # on orange white can't be read
    assert f"--pg-on-class-1: {LIGHT.surface}; " in style
    for name in ("page", "surface", "ink", "muted", "line", "neutral", "accent"):
        assert f"--pg-{name}: {getattr(LIGHT, name)};" in style
