"""A module of the user learns as in a loop of plain PyTorch."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import panel as pn
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.cards.module_card import ModuleCard, ModuleText
from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.problems.gates import Gates
from playground.training.dense.edits import ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from tests.support.training.small_modules import (
    ROWS,
    TARGETS,
    Residual,
    network,
    of_table,
    xor,
)

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


# What is learned --------------------------------------------------------------------------------


def test_it_learns_as_a_plain_pytorch_loop_would() -> None:
    mine, theirs = network(), network()
    training = Training(optimiser="SGD", learning_rate=0.2, batch_size=4)
    trainer = Trainer(Gates(gate="XOR"), Architecture(features=["A", "B"]), training, mine)
    trainer.advance(steps=25)

    optimiser = torch.optim.SGD(theirs.parameters(), lr=0.2)
    for _ in range(25):
        optimiser.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(theirs(ROWS), TARGETS).backward()
        optimiser.step()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(mine.state_dict()[name], value, atol=1e-5, rtol=1e-4)


def test_the_page_begins_with_its_weights_and_it_ends_with_the_pages() -> None:
    module = network()
    before = deepcopy(module.state_dict())
    page = GatesPage("xor", model=module)
    assert (page.hidden, page.layer_activations) == ([8, 4], ["tanh", "ReLU"])
    frame = page.trainer.frame()
    np.testing.assert_array_equal(frame.layers[0].weight, before["0.weight"])
    np.testing.assert_array_equal(frame.layers[2].bias, before["4.bias"])

    page.train(epochs=200)
    assert page.model is module
    assert ((module(ROWS) > 0) == (TARGETS > 0)).all()
    odds = torch.sigmoid(module(ROWS)).detach().numpy().ravel()
    np.testing.assert_allclose(page.predict(ROWS)[:, 1], odds, atol=1e-6)


def test_a_reset_restores_its_weights_and_new_weights_draws_others() -> None:
    module = network()
    before = module[0].weight.detach().clone()
    trainer = xor(module)
    trainer.train(epochs=5)
    assert not torch.equal(module[0].weight, before)
    trainer.reset()
    trainer.frame()
    assert torch.equal(module[0].weight, before)
    trainer.reset(new_weights=True)
    trainer.frame()
    assert not torch.equal(module[0].weight, before)
    assert trainer.model is module


def test_a_network_that_has_grown_leaves_it_as_it_was() -> None:
    module = network()
    page = GatesPage("xor", model=module)
    page.train(epochs=5)
    learned = deepcopy(module.state_dict())
    page.hidden = [9, 4]
    page.train(epochs=5)
    assert page.model is not module
    for name, value in module.state_dict().items():
        assert torch.equal(value, learned[name])
    # And it can still be used, and trained elsewhere.
    module(ROWS).sum().backward()
    torch.optim.SGD(module.parameters(), lr=0.1).step()


def test_a_page_with_features_of_its_own_gives_it_the_plain_inputs() -> None:
    module = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    assert PointsPage(model=module).architecture.features == ["x", "y"]
    wide = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    page = PointsPage(model=wide, features=["x", "y", "xy"])
    assert page.trainer.plan.features == ("x", "y", "xy")
    with pytest.raises(InputError, match="There is no feature “xz”; there are x, y, x²"):
        PointsPage(features=["x", "xz"])


# Modules that are no dense networks -------------------------------------------------------------


def test_any_module_learns_as_a_plain_pytorch_loop_would() -> None:
    torch.manual_seed(0)
    mine = Residual()
    theirs = deepcopy(mine)
    training = Training(optimiser="SGD", learning_rate=0.2, batch_size=4, l2=0.01)
    trainer = Trainer(Gates(gate="XOR"), Architecture(features=["A", "B"]), training, mine)
    trainer.advance(steps=25)

    weights = [each for each in theirs.parameters() if each.ndim > 1]
    biases = [each for each in theirs.parameters() if each.ndim == 1]
    groups = [{"params": weights, "weight_decay": 0.01}, {"params": biases}]
    optimiser = torch.optim.SGD(groups, lr=0.2)
    for _ in range(25):
        optimiser.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(theirs(ROWS), TARGETS).backward()
        optimiser.step()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(mine.state_dict()[name], value, atol=1e-5, rtol=1e-4)
    odds = torch.sigmoid(theirs(ROWS)).detach().numpy().ravel()
    np.testing.assert_allclose(trainer.predict(ROWS.numpy())[:, 1], odds, atol=1e-5)


def test_two_answers_for_two_classes_are_the_softmax_of_both() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    trainer = xor(module)
    trainer.train(epochs=200)
    said = torch.softmax(module(ROWS), dim=1).detach().numpy()
    np.testing.assert_allclose(trainer.predict(ROWS), said, atol=1e-6)
    assert said.argmax(1).tolist() == [0, 1, 1, 0]
    assert trainer.model is module


def test_what_drops_out_or_takes_note_does_so_only_while_it_learns() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Linear(2, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 1)
    )
    trainer = xor(module)
    first = trainer.predict(ROWS)
    np.testing.assert_array_equal(trainer.predict(ROWS), first)
    assert module[1].num_batches_tracked == 0, "looking is not learning"
    trainer.train(epochs=1)
    assert all(each.training for each in module.modules())
    trainer.train(epochs=150)
    odds = torch.sigmoid(module.eval()(ROWS)).detach().numpy().ravel()
    np.testing.assert_allclose(trainer.predict(ROWS)[:, 1], odds, atol=1e-5)


def test_dropout_beyond_what_the_page_offers_is_that_of_the_module() -> None:
    layers = nn.Linear(2, 4), nn.ReLU(), nn.Dropout(0.95), nn.Linear(4, 1)
    trainer = xor(nn.Sequential(*layers))
    assert trainer.train(epochs=1).epoch == 1
    assert not trainer.frame().layers


def test_parameters_that_are_not_to_learn_do_not() -> None:
    module = Residual()
    module.inner.weight.requires_grad_(False)
    before = deepcopy(module.state_dict())
    trainer = xor(module)
    trainer.train(epochs=5)
    assert torch.equal(module.inner.weight, before["inner.weight"])
    assert not torch.equal(module.last.weight, before["last.weight"])


def test_its_checkpoints_can_be_restored() -> None:
    trainer = xor(Residual())
    trainer.train(epochs=9)
    weights = trainer.weights_at(3)
    assert trainer.frame_at(3).epoch == 3
    trainer.branch(3)
    assert trainer.epoch == 3
    for name, value in trainer.model.state_dict().items():
        np.testing.assert_array_equal(value, weights[name])
    trainer.reset()
    assert trainer.frame().epoch == 0


def test_its_page_shows_its_layers_in_words_and_offers_what_means_something() -> None:
    page = GatesPage("xor", model=Residual())
    assert isinstance(page._diagram, ModuleCard)
    shown = page.__panel__().select(pn.pane.HTML)
    assert any("(inner): Linear" in str(each.object) for each in shown)
    assert len(page._details.views) == 1, "nothing is known of single layers"
    named = {each.name for each in page.__panel__().select(pn.widgets.Widget)}
    assert {"Optimiser", "Loss"} <= named
    assert not {"Activation", "Initialisation", "Weight seed"} & named
    assert isinstance(page.diagram, ModuleText)
    with pytest.raises(InputError, match="does not exist in this network"):
        page.trainer.edit(SetValue(ParameterRef(0, 0, 0), 1.0))


def test_a_problem_that_grows_beyond_it_is_said_and_harms_nothing() -> None:
    page = PointsPage("blobs", model=Residual(), classes_count=2)
    page.train(epochs=1)
    page.classes_count = 3
    with pytest.raises(InputError, match="gives 1; it can't learn from x, y to give 3"):
        page.train(epochs=1)
    page.classes_count = 2
    assert page.train(epochs=1).epoch >= 1


# Modules that are changed while a page has them -------------------------------------------------


def test_parameters_put_in_the_place_of_others_are_trained() -> None:
    for module in (network(), Residual()):
        trainer = xor(module)
        trainer.train(epochs=2)
        layer = module[0] if isinstance(module, nn.Sequential) else module.inner
        layer.weight = nn.Parameter(torch.full_like(layer.weight, 0.5))
        module.load_state_dict({**module.state_dict()}, assign=True)
        odds = torch.sigmoid(module(ROWS)).detach().numpy().ravel()
        np.testing.assert_allclose(trainer.predict(ROWS)[:, 1], odds, atol=1e-6)
        trainer.train(epochs=2)
        assert not (layer.weight == 0.5).all()


def test_a_network_that_computes_something_else_since_is_not_trained_as_it_was() -> None:
    module = network()
    trainer = xor(module)
    module.eval()
    trainer.train(epochs=1)
    handle = module[1].register_forward_hook(lambda _module, _given, said: 2 * said)
    with pytest.raises(InputError, match="computes something else than when the page was made"):
        trainer.train(epochs=1)
    handle.remove()
    trainer.train(epochs=1)
    module[1] = nn.ReLU()
    with pytest.raises(InputError, match="Make a new page with it"):
        trainer.train(epochs=1)


@pytest.mark.parametrize("epochs", [0, 1])
def test_a_module_that_has_lost_parameters_is_refused_in_a_sentence(epochs: int) -> None:
    def lose_layer(module: nn.Module) -> None:
        setattr(module, [*module._modules][-1], nn.Identity())

    def lose_all(module: nn.Module) -> None:
        for each in module.modules():
            each._parameters.clear()

    for make, lose in product((network, Residual), (lose_layer, lose_all)):
        module = make()
        trainer = xor(module)
        if epochs:
            trainer.train(epochs=epochs)
        lose(module)
        for look in (trainer.frame, trainer.state, partial(trainer.train, epochs=1)):
            with pytest.raises(InputError, match="other parameters than when the page was made"):
                look()
        trainer.reset()
        with pytest.raises(InputError, match="other parameters than when the page was made"):
            trainer.frame()


def test_modes_and_frozen_parameters_are_those_of_the_module_at_each_time() -> None:
    module = nn.Sequential(nn.Linear(2, 6), nn.BatchNorm1d(6), nn.Linear(6, 1))
    trainer = xor(module)
    trainer.train(epochs=2)
    seen = module[1].num_batches_tracked.item()
    module[1].eval()
    module[0].requires_grad_(False)
    frozen = module[0].weight.clone()
    trainer.train(epochs=2)
    assert module[1].num_batches_tracked == seen
    assert torch.equal(module[0].weight, frozen)
    trainer.reset()
    trainer.frame()
    assert [each.training for each in module] == [True, False, True]


def test_new_weights_are_drawn_by_its_layers() -> None:
    module = Residual()
    trainer = xor(module)
    first = deepcopy(module.state_dict())
    trainer.reset(new_weights=True)
    trainer.frame()
    for name, value in module.state_dict().items():
        assert value.any()
        assert not torch.equal(value, first[name])


# Batches and divergence -------------------------------------------------------------------------


def trainer_with_batch_norm(**choices: Any) -> Trainer:
    """Return a trainer whose module needs batches of two, with 91 rows to learn from."""
    torch.manual_seed(0)
    x = np.random.default_rng(0).normal(size=(130, 2))
    module = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
    return of_table(x, x[:, 0] * 3 + x[:, 1], module, **choices)


def test_a_last_batch_of_one_row_joins_the_one_before() -> None:
    trainer = trainer_with_batch_norm(batch_size=10)
    trainer.train(1)
    assert [each.size for each in trainer._session.network.batches.windows] == [10] * 8 + [11]
    trainer.model[1].eval()
    trainer.train(1)
    assert trainer._session.network.batches.windows[-1].size == 1
    trainer = trainer_with_batch_norm(batch_size=1)
    with pytest.raises(InputError, match=r"a batch needs 2 rows, but it has 1\. Choose a larger"):
        trainer.train(1)
    trainer.training.batch_size = 2
    assert trainer.train(1).epoch == 1


class NormalisesByHand(Residual):
    """Normalises by the batch without a layer for it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(nn.functional.batch_norm(x, None, None, training=True))


def test_a_batch_of_one_that_nothing_announces_is_refused_in_a_sentence() -> None:
    x = np.random.default_rng(0).normal(size=(30, 2))
    trainer = of_table(x, x[:, 0], NormalisesByHand(), batch_size=20)
    trainer.frame()
    assert trainer._session.network.batches.windows[-1].size == 1
    with pytest.raises(InputError, match="can't learn from a batch of a single row: Expected more"):
        trainer.train(1)


def test_buffers_are_good_again_after_a_divergence() -> None:
    trainer = trainer_with_batch_norm(batch_size=13, optimiser="SGD", learning_rate=0.001)
    trainer.train(1)
    good = [each.clone() for each in trainer.model.buffers()]
    trainer.training.learning_rate = 10.0
    trainer.advance(epochs=1)
    while trainer.paused_by is None:
        good = [each.clone() for each in trainer.model.buffers()]
        trainer.advance(epochs=1)
    assert trainer.paused_by.kind == "diverged"
    for buffer, value in zip(trainer.model.buffers(), good, strict=True):
        assert torch.equal(buffer, value)
