"""Loss landscapes against PyTorch and NumPy: each network by itself, SVD, autograd's Hessian."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import CancelledError

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.deadlines import Deadline, apply_deadline
from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.activations import ACTIVATIONS
from playground.problems import Gates, Points, Problem
from playground.training.core.losses import losses_for
from playground.training.dense.edits import Freeze, ParameterRef, SetWeights
from playground.training.dense.trainer import Trainer
from playground.training.dense.weight_path import MAX_MOMENTS, WeightPath
from playground.training.landscape import LandscapeSettings, dense_landscape
from playground.training.landscape.directions import principal_directions, weight_names
from playground.training.landscape.hessian import hessian
from playground.training.landscape.remarks import curvature_sentence
from playground.training.landscape.weight_loss import MAX_SAMPLES, DenseLoss
from playground.training.training import Training
from tests.support.each_case import check_each

PROBLEMS: dict[str, Callable[[], Problem]] = {
    "two": lambda: Points(count=60, train_ratio=0.6),
    "three": lambda: Points(shape="blobs", classes_count=3, count=60),
    "values": lambda: Points(shape="plane", count=60),
}
PYTORCH_LOSSES: dict[tuple[str, str], Callable[[Tensor, Tensor], Tensor]] = {
    ("two", "cross-entropy"): functional.binary_cross_entropy_with_logits,
    ("two", "squared error"): lambda z, y: functional.mse_loss(z.sigmoid(), y),
    ("two", "hinge"): lambda z, y: (1 - (2 * y - 1) * z).clamp(min=0).mean(),
    ("three", "cross-entropy"): functional.cross_entropy,
    ("three", "squared error"): lambda z, y: (
        (z.softmax(1) - functional.one_hot(y, 3)).square().sum(1).mean()
    ),
    # PyTorch's own one has no second derivative.
    ("three", "hinge"): lambda z, y: (
        ((1 + z - z.gather(1, y[:, None])).clamp(min=0).sum(1) - 1).mean() / 3
    ),
    ("values", "squared error"): functional.mse_loss,
    ("values", "Huber"): functional.huber_loss,
}
CASES = [
    (kind, loss, seed)
    for kind, task in (
        ("two", "classification"),
        ("three", "classification"),
        ("values", "regression"),
    )
    for loss in losses_for(task)
    for seed in (0, 1)
]


def make_trained(epochs: int = 12, hidden: tuple[int, ...] = (3,), **training: object) -> Trainer:
    trainer = Trainer(
        Gates(gate="XOR"),
        Architecture(hidden=list(hidden)),
        Training(**{"learning_rate": 0.03, **training}),
    )
    trainer.train(epochs)
    return trainer


def any_trainer(kind: str, loss: str, seed: int) -> Trainer:
    """Make a trainer whose settings are drawn at random."""
    draw = random.Random(f"{kind} {loss} {seed}")
    hidden = [draw.randint(1, 4) for _ in range(draw.choice([0, 1, 2, 2, 3]))]
    architecture = Architecture(
        hidden=hidden,
        layer_activations=[draw.choice(list(ACTIVATIONS)) for _ in hidden],
        features=draw.choice([["x", "y"], ["x", "x²", "xy"], ["sin x", "y"]]),
        dropout=draw.choice([0.0, 0.4]),
        seed=seed,
    )
    training = Training(
        loss=loss, batch_size=7, l1=draw.choice([0, 0.01]), l2=draw.choice([0, 0.02])
    )
    trainer = Trainer(PROBLEMS[kind](), architecture, training)
    trainer.train(4)
    return trainer


def plain_loss(
    weight_path: WeightPath,
    weights: Tensor,
    kind: str,
    loss: str,
    penalties: tuple[float, float] = (0.0, 0.0),
) -> Tensor:
    """Compute the loss of one network, weights (size,), as a script with PyTorch does."""
    train, answer = weight_path.train, weight_path.train.inputs[0].T.to(weights.dtype)
    (l1, l2), penalty, rest = penalties, weights.new_zeros(()), weights
    for number, layer in enumerate(weight_path.plan.layers):
        rows, rest = rest[: layer.size].view(layer.units, -1), rest[layer.size :]
        weight, bias = rows[:, :-1], rows[:, -1]
        answer = functional.linear(answer, weight, bias)
        penalty = penalty + l1 * weight.abs().sum() + l2 / 2 * weight.square().sum()
        if number < len(weight_path.plan.layers) - 1:
            answer = ACTIVATIONS[layer.activation].module()(answer)
    targets = train.labels if kind == "three" else train.targets[0].T.to(weights.dtype)
    assert targets is not None
    # Autograd saves no tensor that was made in inference mode.
    return PYTORCH_LOSSES[kind, loss](answer, targets.clone()) + penalty


def test_each_loss_is_that_of_the_network_evaluated_by_itself() -> None:
    def check(kind: str, loss: str, seed: int) -> None:
        trainer, penalty = any_trainer(kind, loss, seed), bool(seed)
        weight_path = trainer.weight_path()
        directions = ("path", "random")[seed]
        settings = LandscapeSettings(directions=directions, side=7, penalty=penalty)
        found = dense_landscape(weight_path, settings)
        assert found.kind == directions
        training = trainer.training
        penalties = (training.l1, training.l2) if penalty else (0.0, 0.0)

        def alone(weights: Tensor) -> float:
            return float(plain_loss(weight_path, weights, kind, loss, penalties))

        places = [[found.weights_at(x, y) for x in found.across] for y in found.up]
        grid = [[alone(torch.from_numpy(each)) for each in row] for row in places]
        np.testing.assert_allclose(found.loss, grid, rtol=1e-5, atol=1e-5)
        assert found.here == pytest.approx(alone(weight_path.weights), rel=1e-5, abs=1e-5)
        path = [alone(row) for row in weight_path.path]
        if directions == "path":
            np.testing.assert_allclose(found.path_loss, path, rtol=1e-5, atol=1e-5)
        if not penalty:  # dropout is off, as in the scores that the page shows
            assert found.here == pytest.approx(trainer.frame().train.loss, rel=1e-5, abs=1e-6)

    check_each(check, CASES)


def test_principal_directions_are_those_of_a_singular_value_decomposition() -> None:
    def check(moments: int, size: int) -> None:
        generator = torch.Generator().manual_seed(moments)
        path = torch.randn(moments, size, generator=generator).cumsum(0)
        found = principal_directions(path)
        rows = path.double().numpy()
        _left, values, right = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
        signs = np.sign((found.vectors.numpy() * right[:2]).sum(1))
        np.testing.assert_allclose(found.vectors, right[:2] * signs[:, None], atol=1e-5)
        np.testing.assert_allclose(found.shares, values[:2] ** 2 / (values**2).sum(), rtol=1e-6)
        along = rows @ found.vectors[0].double().numpy()
        assert along[-1] > along[0]

    check_each(check, [(3, 2), (40, 9), (9, 200)])


def test_a_straight_path_gets_a_second_direction_and_none_at_all_is_refused() -> None:
    line = torch.linspace(0, 1, 5)[:, None] * torch.tensor([1.0, 2.0, 2.0])
    found = principal_directions(line)
    assert found.shares == (pytest.approx(1), pytest.approx(0))
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(2), atol=1e-6)
    for nowhere in (line[:2], line[:1].expand(6, 3), torch.ones(0, 3)):
        with pytest.raises(InputError, match="train it for at least two epochs"):
            principal_directions(nowhere)


def test_the_hessian_is_that_of_autograd() -> None:
    def check(kind: str, loss: str, seed: int) -> None:
        trainer = any_trainer(kind, loss, seed)
        weight_path = trainer.weight_path()
        penalties = (trainer.training.l1, trainer.training.l2)
        found = hessian(
            DenseLoss(weight_path.plan, weight_path.train, weight_path.loss, weight_path.penalties),
            weight_path.weights,
        )

        def value(weights: Tensor) -> Tensor:
            return plain_loss(weight_path, weights, kind, loss, penalties)

        wanted = torch.autograd.functional.hessian(value, weight_path.weights.double())
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-9)

    check_each(check, [case for case in CASES if case[-1]])


def test_curvature_directions_are_the_ends_of_the_spectrum() -> None:
    weight_path = make_trained().weight_path()
    found = dense_landscape(weight_path, LandscapeSettings(directions="curvature", side=5))
    matrix = torch.autograd.functional.hessian(
        lambda row: plain_loss(weight_path, row, "two", "cross-entropy"),
        weight_path.weights.double(),
    )
    values = torch.linalg.eigvalsh(matrix)
    assert found.curvatures == pytest.approx((float(values[-1]), float(values[0])), rel=1e-5)
    for vector, value in zip(found.vectors, found.curvatures, strict=True):
        np.testing.assert_allclose(matrix.numpy() @ vector, value * vector, atol=1e-5)
    assert "a saddle" in curvature_sentence(2.0, -1.0)
    assert "a valley" in curvature_sentence(2.0, 1.0)
    assert "a hill" in curvature_sentence(-1.0, -2.0)
    assert "it is flat" in curvature_sentence(2.0, 0.001)
    assert "it is flat" in curvature_sentence(0.0, 0.0)


def test_each_neuron_of_random_directions_is_as_long_as_that_of_the_network() -> None:
    trainer = make_trained(hidden=(4, 2))
    trainer.edit(Freeze(ParameterRef(0, 1, 0)))
    trainer.frame()
    found = dense_landscape(trainer.weight_path(), LandscapeSettings(directions="random", side=5))
    own = trainer.model.state_dict()
    for vector in found.vectors:
        rest = torch.from_numpy(vector)
        for number, (units, inputs) in enumerate([(4, 2), (2, 4), (1, 2)]):
            rows, rest = rest[: units * (inputs + 1)].view(units, -1), rest[units * (inputs + 1) :]
            assert not rows[:, -1].any()
            wanted = own[f"{2 * number}.weight"].norm(dim=1)
            found_norms = rows[:, :-1].norm(dim=1)
            free = torch.arange(units) != (1 if number == 0 else -1)
            np.testing.assert_allclose(found_norms[free], wanted[free], rtol=1e-5)
    assert not found.vectors[:, ParameterRef(0, 1, 0).index(trainer.plan)].any()
    again = dense_landscape(trainer.weight_path(), LandscapeSettings(directions="random", side=5))
    np.testing.assert_array_equal(again.vectors, found.vectors)
    other = LandscapeSettings(directions="random", side=5, seed=1)
    assert not np.allclose(dense_landscape(trainer.weight_path(), other).vectors, found.vectors)
    assert not len(found.path)


def test_two_weights_are_chosen_by_name() -> None:
    trainer = make_trained()
    names = weight_names(trainer.plan)
    assert len(names) == trainer.plan.size == len(set(names))
    across, upwards = "feature B → hidden 1, neuron 2", "bias of output"
    settings = LandscapeSettings(
        directions="two weights", first_weight=across, second_weight=upwards, side=5
    )
    found = dense_landscape(trainer.weight_path(), settings)
    assert found.names == (across, upwards)
    moved = found.weights_at(0.5, -0.25) - found.weights
    at = [ParameterRef(0, 1, 1).index(trainer.plan), ParameterRef(1, 0).index(trainer.plan)]
    np.testing.assert_allclose(moved[at], [0.5, -0.25], atol=1e-6)
    assert np.count_nonzero(moved) == 2
    settings.second_weight = across
    with pytest.raises(InputError, match="two different weights"):
        dense_landscape(trainer.weight_path(), settings)
    settings.second_weight = "bias of the output"
    with pytest.raises(
        InputError, match=r"no weight 'bias of the output'\. Did you mean 'bias of o"
    ):
        dense_landscape(trainer.weight_path(), settings)


def test_the_plane_goes_through_the_moment_shown_and_holds_the_path() -> None:
    trainer = make_trained(40, (4,))
    moment = 10
    found = dense_landscape(trainer.weight_path(moment), LandscapeSettings(side=9))
    info = trainer.checkpoints.infos[moment]
    assert found.here == pytest.approx(info.train.loss, rel=1e-5)
    np.testing.assert_allclose(found.path[moment], 0, atol=1e-5)
    assert list(found.path_epoch) == [each.epoch for each in trainer.checkpoints.infos]
    losses = [each.train.loss for each in trainer.checkpoints.infos]
    np.testing.assert_allclose(found.path_loss, losses, rtol=1e-4)
    assert all(found.contains(*place) for place in found.path)
    rows = torch.stack([each.row for each in trainer.checkpoints.entries]).numpy()
    wanted = (rows - found.weights) @ found.vectors.T
    np.testing.assert_allclose(found.path, wanted, atol=1e-4)
    assert found.shares is not None
    assert sum(found.shares) > 0.5
    assert found.loss_at(float(found.across[2]), float(found.up[3])) == pytest.approx(
        found.loss[3, 2], rel=1e-4
    )
    between = found.loss_at(float(found.across[:2].mean()), float(found.up[0]))
    assert between == pytest.approx(found.loss[0, :2].mean(), rel=1e-4)
    wide = dense_landscape(trainer.weight_path(moment), LandscapeSettings(side=9, reach=2))
    assert np.ptp(wide.across) == pytest.approx(2 * np.ptp(found.across), rel=1e-4)


def test_the_path_is_that_of_one_shape_of_the_network() -> None:
    trainer = make_trained(6)
    trainer.architecture.hidden = [5]
    trainer.train(4)
    now, then = trainer.weight_path(), trainer.weight_path(2)
    # The wider network was first seen at the end of the seventh epoch.
    assert (now.plan.size, now.epochs.tolist()) == (21, [7, 8, 9, 10])
    assert (then.plan.size, then.epochs.tolist()) == (13, [0, 1, 2, 3, 4, 5, 6])
    trainer.architecture.dropout = 0.2
    trainer.step()
    assert trainer.weight_path().epochs.tolist() == [7, 8, 9, 10, 11]
    trainer.train(MAX_MOMENTS)
    path = trainer.weight_path()
    assert len(path.path) == MAX_MOMENTS
    assert path.path[-1].equal(path.weights)


def test_training_goes_on_from_weights_that_were_set_and_back_from_before() -> None:
    trainer = make_trained(30, optimiser="Adam")
    before = trainer.frame()
    found = dense_landscape(trainer.weight_path(5))
    place = float(found.across[3]), float(found.up[40])
    weights = found.weights_at(*place)
    trainer.edit(SetWeights(trainer.plan, weights))
    frame = trainer.frame()
    assert frame.train.loss == pytest.approx(found.loss[40, 3], rel=1e-4)
    assert frame.epoch == 30
    # As if training began there: nothing of the optimiser is left.
    alone = make_trained(0, optimiser="Adam")
    alone.edit(SetWeights(alone.plan, weights))
    for each in (trainer, alone):
        each.training.batch_size = 4
        each.train(20)
    assert trainer.frame().train.loss == pytest.approx(alone.frame().train.loss, rel=1e-4)
    assert trainer.frame_at(30).train.loss == pytest.approx(before.train.loss, rel=1e-6)
    trainer.branch(30)
    np.testing.assert_array_equal(trainer.frame().layers[0].weight, before.layers[0].weight)


def test_frozen_weights_stay_and_other_networks_are_refused() -> None:
    trainer = make_trained()
    weights = trainer.weight_path().weights.numpy() + np.float32(1)
    trainer.edit(Freeze(ParameterRef(0, 0, 0)))
    kept = float(trainer.weight_path().weights[0])
    trainer.edit(SetWeights(trainer.plan, weights))
    now = trainer.weight_path().weights.numpy()
    assert now[0] == pytest.approx(kept)
    np.testing.assert_allclose(now[1:], weights[1:])
    plan = trainer.plan
    with pytest.raises(InputError, match="all finite"):
        trainer.edit(SetWeights(plan, np.full(13, np.nan, np.float32)))
    trainer.architecture.hidden = [2]
    with pytest.raises(InputError, match="layers are 2→3, 3→1, and those of the present one 2→2"):
        trainer.edit(SetWeights(plan, weights))


def remarks(trainer: Trainer, **settings: object) -> str:
    return " ".join(dense_landscape(trainer.weight_path(), LandscapeSettings(**settings)).remarks)


def test_what_to_know_is_said_where_it_applies() -> None:
    trainer = make_trained(30, (4,), l2=0.01)
    said = remarks(trainer, side=5)
    assert "The path does not lie in this picture" in said
    assert "a random walk looks like such a curve too" in said
    assert "drawn without L1 and L2" in said
    assert "ReLU" not in said
    assert "with L1 and L2 added" in remarks(trainer, side=5, penalty=True)
    trainer.architecture.activation, trainer.architecture.dropout = "ReLU", 0.3
    said = remarks(trainer, side=5, directions="random")
    assert "How sharp a valley is says little for ReLU networks" in said
    assert "Dropout is off" in said
    assert "hardly ever meet a saddle" in said
    trainer.architecture.hidden = [32, 16]
    assert "fewer than 500 weights and biases, and this one has 641" in remarks(
        trainer, side=5, directions="curvature"
    )
    fresh = remarks(make_trained(0), side=5)
    assert fresh.startswith("The network has no path yet: train it for at least two epochs.")
    step = make_trained(5)
    step.architecture.activation = "step"
    assert "it is flat in steps" in remarks(step, side=5, directions="curvature")


def test_large_data_is_sampled_and_none_is_refused() -> None:
    trainer = Trainer(Points(count=2000, train_ratio=0.9))
    weight_path = trainer.weight_path()
    loss = DenseLoss(weight_path.plan, weight_path.train, weight_path.loss)
    assert (loss.samples, loss.all_samples) == (MAX_SAMPLES, len(weight_path.train))
    assert f"1,000 of the {len(weight_path.train):,} training samples" in remarks(trainer, side=5)
    empty = Points()
    empty.shape = "your own"
    with pytest.raises(InputError, match="without samples to learn from"):
        dense_landscape(Trainer(empty).weight_path())
    own = Trainer(Gates(), module=nn.Sequential(nn.LayerNorm(2), nn.Linear(2, 1)))
    with pytest.raises(InputError, match="not a module"):
        own.weight_path()


def test_it_stops_when_nobody_waits_and_tells_how_far_it_is() -> None:
    weight_path, shares = make_trained().weight_path(), []
    dense_landscape(weight_path, LandscapeSettings(side=5), shares.append)
    assert shares[-1] == 1
    deadline = Deadline(60)
    deadline.cancel()
    with apply_deadline(deadline), pytest.raises(CancelledError):
        dense_landscape(weight_path)
