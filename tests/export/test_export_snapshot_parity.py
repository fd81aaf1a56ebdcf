"""What a snapshot computes in the browser, compared with PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from playwright.sync_api import Page

from playground.export.snapshot.lab_snapshot import flatten_weights
from playground.export.snapshot.recorded_weights import RecordedWeights
from playground.export.snapshot.translation import javascript
from playground.export.snapshot.translation.browser_functions import (
    activation_functions,
    feature_function,
    loss_functions,
)
from playground.export.snapshot.translation.javascript import to_javascript
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import module
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import LayerPlan, Plan
from playground.problems.points.features import FEATURES
from playground.training.core.losses import LOSSES, ClassWeighted, make_loss
from playground.views.boundary import upsample
from playground.views.theme import margin_index, value_index
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.snapshot_page import ScriptPage

PRECISE = {"rtol": 0, "atol": 1e-4}
Z = np.concatenate([np.linspace(-30, 30, 241), np.linspace(-1, 1, 101)]).astype(np.float32)


@pytest.fixture
def scripts(kept_page: KeptPage) -> Page:
    modules = ("erf.js", "features.js", "losses.js", "dense.js", "numbers.js", "colours.js")
    return kept_page.borrow(lambda page: ScriptPage(page, *modules)).page


def in_browser(scripts: Page, source: str, rows: object) -> Any:
    """Values of a translated function for rows of arguments."""
    return scripts.evaluate(
        "([source, rows]) => { const f = eval(source); return rows.map(row => f(...row)) }",
        [source, rows],
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(scripts: Page, name: str) -> None:
    module = ACTIVATIONS[name].module()
    source = to_javascript(module, [(1,)], name)
    want = module(torch.from_numpy(Z)).numpy()
    np.testing.assert_allclose(in_browser(scripts, source, Z[:, None].tolist()), want, **PRECISE)


def radius(points: torch.Tensor) -> torch.Tensor:
    return points.square().sum(dim=1).sqrt()


def test_every_feature(scripts: Page) -> None:
    points = np.random.default_rng(0).uniform(-6, 6, (50, 2)).astype(np.float32)
    features = {**FEATURES, "radius": radius}
    sources = [feature_function(feature, 2, name) for name, feature in features.items()]
    from_browser = scripts.evaluate(
        "([sources, x, y]) => expand(sources.map(each => ({compute: eval(each)})), [x, y])",
        [sources, points[:, 0].tolist(), points[:, 1].tolist()],
    )
    want = [feature(torch.from_numpy(points)).numpy() for feature in features.values()]
    np.testing.assert_allclose(from_browser, want, **PRECISE)


FORMS = [
    (name, task, outputs)
    for name, forms in LOSSES.items()
    for form, task, outputs in (
        ("binary", "classification", 1),
        ("many", "classification", 4),
        ("regression", "regression", 1),
    )
    if form in forms
]


@pytest.mark.parametrize(("name", "task", "outputs"), FORMS)
def test_loss_accuracy_and_probabilities(scripts: Page, name: str, task: Any, outputs: int) -> None:
    rng = np.random.default_rng(1)
    z = torch.from_numpy(rng.normal(size=(1, outputs, 40)).astype(np.float32) * 3)
    classes = 0 if task == "regression" else max(outputs, 2)
    labels = rng.integers(0, classes, 40) if classes else rng.uniform(-1, 1, 40)
    y = torch.tensor(labels, dtype=torch.float32)
    targets = torch.eye(4)[y.long()].T[None] if outputs > 1 else y.reshape(1, 1, -1)
    loss = make_loss(name, task, outputs)
    functions = loss_functions(loss, outputs, classes, name)
    weights = [0.5, 2.0, 1.0, 3.0][:classes] if classes else None
    weighted = loss if weights is None else ClassWeighted(loss, torch.tensor(weights))
    from_browser = scripts.evaluate(
        "([loss, shares, classes, z, y, weights]) => [score(eval(loss), classes, z, y),"
        " classes ? probabilities(eval(shares), classes, z).map(column => [...column]) : [],"
        " score(eval(loss), classes, z, y, weights)]",
        [
            functions["loss"],
            functions["probabilities"],
            classes,
            z[0].tolist(),
            y.tolist(),
            weights,
        ],
    )
    np.testing.assert_allclose(from_browser[0]["loss"], loss.value(z, targets)[0].item(), **PRECISE)
    np.testing.assert_allclose(
        from_browser[2]["loss"], weighted.value(z, targets)[0].item(), **PRECISE
    )
    if classes:
        want = loss.probabilities(z)[0].numpy()
        np.testing.assert_allclose(from_browser[1], want, **PRECISE)
        predicted = z[0].argmax(0) if outputs > 1 else (z[0, 0] > 0).long()
        assert from_browser[0]["accuracy"] == pytest.approx(
            (predicted == y.long()).float().mean().item()
        )


def test_dense_network(scripts: Page) -> None:
    torch.manual_seed(2)
    layers = tuple(
        LayerPlan(3 if number == 0 else 5, 5, name) for number, name in enumerate(ACTIVATIONS)
    )
    plan = Plan(("a", "b", "c"), (*layers, LayerPlan(5, 2, "linear")))
    parameters = Parameters(plan)
    parameters.values.normal_(std=0.6)
    network, x = module(parameters), torch.randn(30, 3)
    weights = {name: each.numpy() for name, each in network.state_dict().items()}
    activations = activation_functions({name: ACTIVATIONS[name].module() for name in ACTIVATIONS})
    from_browser = scripts.evaluate(
        "([source, layers, weights, columns]) => { const activations = eval(`(${source})`);"
        " const named = layers.map(({units, activation}) =>"
        " ({units, activation: activations[activation]}));"
        " return new Dense(3, named).outputs(weights, columns).map(each => [...each]) }",
        [
            activations,
            [{"units": each.units, "activation": each.activation} for each in plan.layers],
            flatten_weights(RecordedWeights(0, weights)).tolist(),
            x.T.tolist(),
        ],
    )
    np.testing.assert_allclose(from_browser, network(x).detach().T.numpy(), **PRECISE)


def test_half_precision_is_read_as_numpy_writes_it(scripts: Page) -> None:
    bits = np.arange(2**16, dtype=np.uint16)
    from_browser = scripts.evaluate(
        "bits => bits.map(halfToNumber).map(value => Number.isFinite(value) ? value : null)",
        bits.tolist(),
    )
    want = bits.view(np.float16).astype(float)
    known = np.array([np.nan if value is None else value for value in from_browser])
    np.testing.assert_array_equal(known, np.where(np.isfinite(want), want, np.nan))


def test_colours_of_values_and_classes(scripts: Page) -> None:
    rng = np.random.default_rng(3)
    values = rng.uniform(-2, 2, 500)
    shares = rng.dirichlet(np.ones(4), 500).astype(np.float32)
    from_browser = scripts.evaluate(
        "([values, shares]) => [values.map(value => valueIndex(value, 1.5)),"
        " [...marginIndices(shares)]]",
        [values.tolist(), shares.T.tolist()],
    )
    # A value right between two colours may get either.
    assert np.abs(np.array(from_browser[0]) - value_index(values, 1.5)).max() <= 1
    assert np.abs(np.array(from_browser[1]) - margin_index(shares)).max() <= 1


@pytest.mark.parametrize("classes", [2, 3])
def test_a_finer_picture_has_borders_where_the_network_has_them(
    scripts: Page, classes: int
) -> None:
    def predict(side: int) -> npt.NDArray[np.float32]:
        """Probabilities of a network that is sure of itself nearly everywhere."""
        centres = torch.linspace(-1, 1, 2 * side + 1)[1::2]
        points = torch.cartesian_prod(centres, centres)
        hidden = torch.tanh(points @ torch.tensor([[3.0, 1, -2], [1, -4, 2]]) + torch.ones(3))
        outputs = hidden @ torch.tensor([[60.0, -40, 10], [-20, 50, 30], [-10, 25, -70]])
        return outputs[:, :classes].softmax(1).reshape(side, side, classes).numpy()

    coarse = predict(50)
    picture = scripts.evaluate(
        "([indices, classes]) => [...finerMargins(indices, 50, 50, classes)]",
        [margin_index(coarse).ravel().tolist(), classes],
    )
    winners = np.array(picture).reshape(200, 200) // (256 // classes)
    truth = predict(200).argmax(-1)
    as_colours = upsample(upsample(coarse)).argmax(-1)
    assert (winners != truth).sum() < 0.15 * (as_colours != truth).sum()
    # Nothing but borders differs, and by no more than a cell.
    near = np.lib.stride_tricks.sliding_window_view(np.pad(truth, 4, "edge"), (9, 9))
    same = (near == winners[..., None, None]).any((2, 3))
    assert same.all()


def test_what_changes_a_tensor_in_place_is_translated_too() -> None:
    def in_place(x: torch.Tensor) -> torch.Tensor:
        return x.clone().mul_(2).clamp_(min=0.5)

    written = [
        to_javascript(function, [(1,)], "it")
        for function in (in_place, lambda x: (x * 2).clamp(min=0.5))
    ]
    assert "Math.max" in written[0]
    assert written[0] == written[1]


def test_losses_are_translated_without_functionalize(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(javascript, "functionalize")
    for name, task, outputs in FORMS:
        classes = 0 if task == "regression" else max(outputs, 2)
        loss_functions(make_loss(name, task, outputs), outputs, classes, name)
