from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage
from scipy.interpolate import BSpline

from playground.training.images.augmentation.augmentation import Augmentation, augment_images
from playground.training.images.augmentation.elastic_deformation import (
    CONTROL_POINTS,
    sampling_grid,
)
from playground.training.images.augmentation.stroke_width import change_stroke_width

LIMITS = ("shift", "rotate", "scale", "stretch", "shear", "elastic", "thickness")
NO_LIMITS = {**dict.fromkeys(LIMITS, 0.0), "untouched": 0.0}
WIDEST = {name: Augmentation.param[name].bounds[1] for name in LIMITS}


def pictures(count=6, seed=0):
    """Return smooth blobs well inside the picture, (count, 1, 28, 28) from -1 to 1."""
    noise = np.random.default_rng(seed).random((count, 12, 12))
    inside = np.pad(ndimage.zoom(noise, (1, 1.5, 1.5), order=1), ((0, 0), (5, 5), (5, 5)))
    return torch.tensor(inside[:, None] * 2 - 1, dtype=torch.float32)


def augment(x, seed=0, **limits):
    rng = torch.Generator().manual_seed(seed)
    return augment_images(x, Augmentation(**{**NO_LIMITS, **limits}), rng)


def centre_of_mass(x):
    """Return the centre of mass of each picture's ink: (n, 2), right and down."""
    ink = (x[:, 0] + 1).double()
    at = torch.arange(28.0).double()
    right, down = (ink.sum(1) * at).sum(1), (ink.sum(2) * at).sum(1)
    return torch.stack((right, down), 1) / ink.sum((1, 2))[:, None]


def covariances(x):
    """Return the covariances of each picture's ink: (n, 3) of xx, yy and xy."""
    found = []
    for ink in (x[:, 0] + 1).double().numpy():
        down, right = np.mgrid[:28, :28]
        cov = np.cov(right.ravel(), down.ravel(), aweights=ink.ravel(), bias=True)
        found.append((cov[0, 0], cov[1, 1], cov[0, 1]))
    return np.array(found)


def disc(count=200, wide=6.0, high=6.0):
    """Return a soft ellipse in the middle, (count, 1, 28, 28)."""
    down, right = np.mgrid[:28, :28] - 13.5
    ink = np.clip(1.5 - np.hypot(right / wide, down / high), 0, 1)
    return torch.tensor(ink * 2 - 1, dtype=torch.float32).repeat(count, 1, 1, 1)


def test_with_all_limits_at_zero_nothing_changes():
    torch.testing.assert_close(augment(pictures()), pictures(), atol=1e-5, rtol=0)


def test_equal_seeds_give_equal_versions_and_pictures_stay_as_they_are():
    x = pictures()
    first = augment(x, 3, **WIDEST)
    assert first.equal(augment(x, 3, **WIDEST))
    assert not first.equal(augment(x, 4, **WIDEST))
    assert x.equal(pictures())
    assert first.min() >= -1
    assert first.max() <= 1


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_share_stays_untouched_to_the_bit(share):
    x = pictures(1).repeat(2000, 1, 1, 1)
    same = (augment(x, untouched=share, elastic=1) == x).flatten(1).all(1).float().mean()
    assert same == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize("count", [0, 1])
def test_few_pictures_are_welcome(count):
    assert augment_images(pictures(count), Augmentation()).shape == (count, 1, 28, 28)


def test_one_setting_changes_nothing_about_the_others():
    x = pictures()
    for name in LIMITS:
        others = {**WIDEST, name: 0.0}
        nearly = {**WIDEST, name: 1e-4}
        torch.testing.assert_close(augment(x, **others), augment(x, **nearly), atol=2e-3, rtol=0)


def test_shift_goes_up_to_its_limit_on_all_sides():
    x = disc(wide=3, high=3)
    away = centre_of_mass(augment(x, shift=3)) - centre_of_mass(x)
    assert away.abs().max() <= 3.01
    assert away.max(0).values.min() > 2.7
    assert away.min(0).values.max() < -2.7


def test_turn_goes_up_to_its_limit_both_ways():
    xx, yy, xy = covariances(augment(disc(wide=2, high=8), rotate=30)).T
    angles = np.degrees(np.arctan2(2 * xy, yy - xx)) / 2
    assert -31 < angles.min() < -27
    assert 27 < angles.max() < 31


def test_size_goes_up_to_its_limit_and_keeps_proportions():
    x = disc(wide=4, high=4)
    xx, yy, _ = covariances(augment(x, scale=0.25)).T / covariances(x)[0, 0]
    np.testing.assert_allclose(xx, yy, rtol=0.02)
    assert np.sqrt(xx).max() == pytest.approx(1.25, abs=0.03)
    assert np.sqrt(xx).min() == pytest.approx(1 / 1.25, abs=0.03)


def test_proportions_change_and_the_area_stays():
    x = disc()
    xx, yy, _ = covariances(augment(x, stretch=0.25)).T
    ratios = np.sqrt(xx / yy)
    assert ratios.max() == pytest.approx(1.25, abs=0.03)
    assert ratios.min() == pytest.approx(1 / 1.25, abs=0.03)
    np.testing.assert_allclose(np.sqrt(xx * yy), covariances(x)[0, 0], rtol=0.04)


def test_upright_strokes_lean_up_to_the_limit():
    _, yy, xy = covariances(augment(disc(wide=2, high=8), shear=20)).T
    leans = np.degrees(np.arctan(xy / yy))
    assert leans.max() == pytest.approx(20, abs=2)
    assert leans.min() == pytest.approx(-20, abs=2)


def test_an_affine_grid_gives_what_scipy_gives():
    linear = torch.tensor([[0.9, -0.3], [0.2, 1.1]])
    shift = torch.tensor([1.5, -0.7])
    grid = sampling_grid(linear[None], shift[None], torch.zeros(1, 2, CONTROL_POINTS), 28)
    ink = pictures(1) + 1
    ours = torch.nn.functional.grid_sample(ink, grid, align_corners=False)[0, 0]
    # scipy counts rows first.
    matrix = linear.flip(0, 1).double().numpy()
    offset = 13.5 - matrix @ (13.5 + shift.flip(0).double().numpy())
    theirs = ndimage.affine_transform(ink[0, 0].double().numpy(), matrix, offset, order=1)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_bends_are_products_of_cubic_b_splines():
    side, splines = 28, round(CONTROL_POINTS**0.5)
    identity = torch.eye(2).expand(CONTROL_POINTS, 2, 2)
    offsets = torch.zeros(CONTROL_POINTS, 2, CONTROL_POINTS)
    offsets[:, 0] = torch.eye(CONTROL_POINTS)
    no_shift = torch.zeros(CONTROL_POINTS, 2)
    bent = sampling_grid(identity, no_shift, offsets, side)
    still = sampling_grid(identity, no_shift, torch.zeros_like(offsets), side)
    position = (np.arange(side) + 0.5) * (splines - 3) / side
    each = [
        BSpline.basis_element(np.arange(5.0) + first, extrapolate=False)(position)
        for first in range(-3, splines - 3)
    ]
    basis = np.nan_to_num(np.array(each))
    basis /= np.linalg.norm(basis, axis=0)
    expected = np.einsum("ax,by->abxy", basis, basis).reshape(CONTROL_POINTS, side, side)
    np.testing.assert_allclose((bent - still)[..., 0] * side / 2, expected, atol=1e-5)


def test_bends_stray_by_their_limit_everywhere_and_smoothly():
    count = 4000
    control_offsets = torch.randn(
        count, 2, CONTROL_POINTS, generator=torch.Generator().manual_seed(0)
    )
    still = sampling_grid(
        torch.eye(2).expand(count, 2, 2),
        torch.zeros(count, 2),
        torch.zeros_like(control_offsets),
        28,
    )
    bent = sampling_grid(
        torch.eye(2).expand(count, 2, 2), torch.zeros(count, 2), control_offsets, 28
    )
    pixels = (bent - still) * 14
    np.testing.assert_allclose(pixels.std(0), 1, atol=0.06)
    steps = pixels[:, :, 1:] - pixels[:, :, :-1]
    assert steps.std() < 0.3


@pytest.mark.parametrize(("change", "theirs"), [(2, "grey_dilation"), (-2, "grey_erosion")])
def test_two_pixels_are_a_dilation_or_an_erosion(change, theirs):
    ink = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    ours = change_stroke_width(ink, torch.full((5,), float(change)))
    cross = ndimage.generate_binary_structure(2, 1)
    morph = getattr(ndimage, theirs)
    expected = [morph(one[0].numpy(), footprint=cross, mode="constant") for one in ink]
    np.testing.assert_allclose(ours[:, 0], expected, atol=1e-6)


def test_strokes_widen_by_as_many_pixels_as_asked():
    ink = torch.zeros(5, 1, 28, 28)
    ink[:, :, :, 10:14] = 1
    change = torch.tensor([-2, -0.5, 0, 0.7, 2])
    width = change_stroke_width(ink, change)[:, 0, 14].sum(1)
    torch.testing.assert_close(width, 4 + change)


def test_beyond_the_edges_all_is_paper():
    full = torch.ones(300, 1, 28, 28)
    moved = augment(full, shift=3)
    assert moved.amin((1, 2, 3)).max() < 1
    assert moved.amin((1, 2, 3)).min() == -1


@pytest.mark.parametrize("name", [*LIMITS, "untouched"])
def test_limits_are_bounded_and_documented(name):
    one = Augmentation()
    with pytest.raises(ValueError, match=name):
        setattr(one, name, -0.1)
    with pytest.raises(ValueError, match=name):
        setattr(one, name, 1000)
    assert one.param[name].doc
    assert one.param[name].label
