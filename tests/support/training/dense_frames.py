"""Frames made of random but valid numbers, without training anything."""

from __future__ import annotations

import numpy as np

from playground.networks.dense import plan as plans
from playground.problems.problem import Plane, Samples, Split
from playground.training.core.metrics import Curves, Score
from playground.training.dense.frame import Frame, LayerFrame

CLASS_NAMES = ("orange", "blue", "green", "violet", "red", "pink")


def make_frame(
    hidden=(4, 2),
    classes=2,
    side=100,
    seed=0,
    regression=False,
    activation="tanh",
    features=("x", "y"),
    inputs=("x", "y"),
    samples=(20, 10),
    low=-6.0,
    high=6.0,
    epochs=30,
    probe_outputs=None,
    **changes,
):
    """A frame of a network with the given shape; `changes` replace any other field."""
    rng = np.random.default_rng(seed)
    outputs = 1 if regression else classes
    plan = make_plan(features, hidden, outputs, activation)
    shape = (side, side, outputs)
    logits = np.cumsum(np.cumsum(rng.normal(0, 0.06, shape), axis=0), axis=1)
    test_count = samples[1]
    fields = {
        "epoch": epochs,
        "step": epochs * 10,
        "plan": plan,
        "classes": () if regression else CLASS_NAMES[:classes],
        "inputs": inputs,
        "plane": Plane((0, 1), low, high, (0.0,) * len(inputs)),
        "samples": Split(
            make_samples(rng, samples[0], len(inputs), low, high, outputs),
            make_samples(rng, test_count, len(inputs), low, high, outputs),
        ),
        "field": (np.tanh(logits) if regression else softmax(logits)).astype(np.float32),
        "feature_maps": maps(rng, len(features), side),
        "layers": tuple(make_layer(rng, layer, side) for layer in plan.layers),
        "train": Score(0.25, np.nan if regression else 0.9),
        "test": Score(0.3, np.nan if regression else 0.85) if test_count else Score(np.nan, np.nan),
        "rate": 0.03,
        "curves": make_curves(rng, epochs, regression, test_count > 0),
        "confusion": rng.integers(0, 40, (0, 0) if regression else (classes, classes)),
        "probe_outputs": dict(probe_outputs or {}),
    }
    return Frame(**(fields | changes))


def make_plan(features, hidden, outputs, activation="tanh"):
    widths = (len(features), *hidden, outputs)
    activations = (*(activation for _ in hidden), "linear")
    layers = zip(widths[:-1], widths[1:], activations, strict=True)
    return plans.Plan(tuple(features), tuple(plans.LayerPlan(*layer) for layer in layers))


def make_samples(rng, count, inputs, low, high, outputs):
    x = rng.uniform(low, high, (count, inputs)).astype(np.float32)
    y = rng.integers(0, outputs, count) if outputs > 1 else rng.uniform(-1, 1, count)
    return Samples(x, y.astype(np.int64 if outputs > 1 else np.float32))


def make_layer(rng, layer, side):
    units, fan_in = layer.units, layer.fan_in
    normal = lambda *shape: rng.normal(0, 1, shape).astype(np.float32)  # noqa: E731
    return LayerFrame(
        weight=normal(units, fan_in),
        bias=normal(units),
        weight_gradient=normal(units, fan_in) / 10,
        bias_gradient=normal(units) / 10,
        maps=maps(rng, units, side),
        mean=normal(units) / 3,
        deviation=np.abs(normal(units)) / 3,
        saturated=float(rng.uniform(0, 0.5)),
        dead=int(rng.integers(0, units + 1)),
        frozen=np.zeros((units, fan_in + 1), bool),
    )


def make_curves(rng, epochs, regression, tested):
    epoch = np.arange(epochs, dtype=np.float32)
    noise = lambda: rng.normal(0, 0.02, epochs)  # noqa: E731
    loss = 0.05 + 0.6 * np.exp(-epoch / 10)
    nothing = np.full(epochs, np.nan)
    rows = (
        loss + noise(),
        loss + 0.05 + noise() if tested else nothing,
        nothing if regression else 1 - loss / 2 + noise(),
        nothing if regression or not tested else 0.95 - loss / 2 + noise(),
    )
    return Curves(epoch, *(row.astype(np.float32) for row in rows))


def maps(rng, count, side):
    """Tilted tanh planes, smooth as real activation maps are."""
    ticks = np.linspace(-2, 2, side)
    across, up, shift = rng.normal(0, 1, (3, count, 1, 1))
    return np.tanh(across * ticks[None, None] + up * ticks[None, :, None] + shift).astype(
        np.float32
    )


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
