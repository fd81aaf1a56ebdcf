"""The trainer of readers: what it learns, what it shows, and how it keeps to its budget."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch import nn
from torch.nn import functional

from playground.errors import InputError
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.training.images import ClassifierChoice, ImageTrainer
from playground.training.images.classifier import trainable_classifier as classifier_module
from playground.training.images.training_loop import RECORDS_PER_EPOCH
from tests.support.training.image_trainers import (
    BarImages,
    bar_images,
    make_image_trainer,
    small_cnn,
)


@pytest.mark.parametrize("classifier", ["softmax", small_cnn()])
def test_every_kind_of_classifier_learns(classifier: object) -> None:
    frame = make_image_trainer(classifier, learning_rate=5e-3).train(epochs=6)
    assert frame.test.accuracy > 0.95
    assert (frame.epoch, frame.step, frame.tested_count) == (6, 72, 200)
    assert frame.train.loss < 0.7 * frame.curves.train_loss[0]


@pytest.mark.parametrize("choice", [*CLASSIFIERS, CustomClassifier(channels=[4])])
def test_every_registered_classifier_fits(choice: ClassifierChoice) -> None:
    frame = make_image_trainer(choice, BarImages(40, 20)).step()
    assert frame.step == 1
    assert frame.probe_set.probabilities.shape == (20, 10)
    assert len(frame.stages) > 0


@pytest.mark.parametrize(
    ("choices", "rule"),
    [
        ({}, torch.optim.Adam),
        (
            {"optimiser": "Nesterov", "momentum": 0.6, "max_norm": 0.3},
            partial(torch.optim.SGD, momentum=0.6, nesterov=True),
        ),
        ({"beta1": 0.5, "beta2": 0.9}, partial(torch.optim.Adam, betas=(0.5, 0.9))),
        ({"class_weights": "balanced"}, torch.optim.Adam),
    ],
    ids=["as usual", "clipped", "betas", "class weights"],
)
def test_twelve_steps_are_those_of_a_loop_in_plain_pytorch(
    choices: dict[str, Any], rule: Callable[..., torch.optim.Optimizer]
) -> None:
    trainer = make_image_trainer("mlp", BarImages(120, 20), batch_size=40, **choices)
    torch.manual_seed(0)
    network = CLASSIFIERS["mlp"].build()
    optimiser = rule(network.parameters(), lr=2e-3)
    trainer.frame()
    run = trainer._session
    taken = []
    original = run.batches.next_batch

    def next_batch(*arguments: object) -> tuple[torch.Tensor, torch.Tensor]:
        taken.append(original(*arguments))
        return taken[-1]

    run.batches.next_batch = next_batch
    trainer.advance(steps=12)
    assert len(taken) == 12
    weights = None
    if "class_weights" in choices:
        labels = trainer.problem.images.train.labels.numpy()
        balanced = compute_class_weight("balanced", classes=np.arange(10), y=labels)
        weights = torch.tensor(balanced).float()
    for inputs, labels in taken:
        optimiser.zero_grad()
        functional.cross_entropy(network(inputs), labels, weights).backward()
        if "max_norm" in choices:
            nn.utils.clip_grad_norm_(network.parameters(), choices["max_norm"])
        optimiser.step()
    for mine, theirs in zip(trainer.model.parameters(), network.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-5)


def test_an_epoch_shows_every_picture_once() -> None:
    trainer = make_image_trainer(problem=BarImages(95, 20), batch_size=10)
    trainer.frame()
    batches, seen = trainer._session.batches, []
    original = batches.next_batch
    batches.next_batch = lambda *given: seen.append(original(*given)) or seen[-1]
    trainer.advance(epochs=1)
    shown = torch.cat([inputs for inputs, _ in seen]).sum((1, 2, 3)).sort().values
    all_of_them = batches.pictures.inputs(torch.arange(95))[0].sum((1, 2, 3)).sort().values
    torch.testing.assert_close(shown, all_of_them)


@pytest.mark.parametrize("class_weights", ["none", "balanced"])
def test_learning_in_pieces_is_learning_at_once(
    monkeypatch: pytest.MonkeyPatch, class_weights: str
) -> None:
    at_once = make_image_trainer("mlp", batch_size=100, class_weights=class_weights)
    at_once.advance(steps=9)
    monkeypatch.setattr(classifier_module, "micro_batch_for", lambda multiplications: 32)
    in_pieces = make_image_trainer("mlp", batch_size=100, class_weights=class_weights)
    while in_pieces.step_count < 9:
        in_pieces.advance(seconds=1e-9)  # one piece a slice
    for mine, theirs in zip(at_once.model.parameters(), in_pieces.model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-5)


def test_slices_change_nothing_about_what_is_learned() -> None:
    whole, sliced = make_image_trainer("mlp"), make_image_trainer("mlp")
    whole.advance(epochs=2)
    while sliced.epoch < 2:
        sliced.advance(seconds=1e-9)
        sliced.frame()
    mine, theirs = whole.frame(), sliced.frame()
    assert mine.test == theirs.test
    np.testing.assert_array_equal(mine.curves.train_loss, theirs.curves.train_loss)
    np.testing.assert_array_equal(mine.tiles.now, theirs.tiles.now)


def test_the_evaluation_is_that_of_the_model() -> None:
    trainer = make_image_trainer("mlp")
    frame = trainer.train(epochs=2)
    test = trainer.problem.images.test
    probabilities = trainer.predict(test.pictures.numpy())
    said = probabilities.argmax(1)
    labels = test.labels.numpy()
    assert frame.test.accuracy == pytest.approx((said == labels).mean())
    own = probabilities[np.arange(len(labels)), labels]
    assert frame.test.loss == pytest.approx(-np.log(own).mean(), rel=1e-4)
    expected = np.zeros((10, 10), int)
    np.add.at(expected, (labels, said), 1)
    np.testing.assert_array_equal(frame.confusion, expected)
    np.testing.assert_allclose(
        frame.class_scores.metrics["recall"], expected.diagonal() / expected.sum(1)
    )
    worst = np.sort(probabilities.max(1)[said != labels])[::-1][: len(frame.mistakes.labels)]
    np.testing.assert_allclose(frame.mistakes.confidence, worst, rtol=1e-4)
    assert (frame.mistakes.predicted != frame.mistakes.labels).all()


def test_steps_and_epochs_end_where_asked() -> None:
    trainer = make_image_trainer()
    assert trainer.advance(steps=5) == 5
    assert (trainer.epoch, trainer.steps_to_epoch_end, trainer.steps_per_epoch) == (0, 7, 12)
    assert trainer.frame().progress == pytest.approx(5 / 12)
    assert trainer.advance(epochs=1) == 7
    assert (trainer.epoch, trainer.step_count, trainer.steps_to_epoch_end) == (1, 12, 12)
    assert trainer.advance(steps=12) == 12
    assert trainer.epoch == 2
    assert trainer.frame().progress == 0


def test_curves_have_twelve_rows_an_epoch() -> None:
    epochs = make_image_trainer(batch_size=25).train(epochs=2).curves.epoch
    np.testing.assert_allclose(
        epochs, np.arange(2 * RECORDS_PER_EPOCH + 1) / RECORDS_PER_EPOCH, rtol=1e-5
    )


def test_training_stops_at_the_stop_epoch() -> None:
    trainer = make_image_trainer("mlp", stop_epoch=2)
    trainer.advance(steps=1)
    assert trainer.frame().seconds_left > 0
    trainer.advance()
    assert trainer.epoch == 2
    assert "epoch 2" in trainer.paused_by.sentence
    assert trainer.frame().seconds_left == 0


def test_divergence_is_noted_and_undone() -> None:
    trainer = make_image_trainer("mlp", optimiser="SGD", learning_rate=0.01)
    trainer.advance(epochs=1)
    good = trainer.frame()
    trainer.training.learning_rate = 10.0
    trainer.training.l2 = 1.0
    trainer.advance(epochs=1)
    assert trainer.paused_by.kind == "diverged"
    frame = trainer.frame()
    assert frame.notes[0].kind == "diverged"
    assert np.isfinite(frame.tiles.now).all()
    assert frame.test == good.test
    trainer.training.learning_rate = 0.01
    trainer.training.l2 = 0.0
    trainer.advance(epochs=1)
    assert trainer.paused_by is None


def test_reset_goes_back_to_the_same_weights_or_to_others() -> None:
    for classifier in ("mlp", small_cnn()):
        trainer = make_image_trainer(classifier)
        start = trainer.frame().tiles.now
        trainer.advance(steps=3)
        trainer.reset()
        assert trainer.frame().step == 0
        np.testing.assert_array_equal(trainer.frame().tiles.now, start)
        trainer.reset(new_weights=True)
        assert not np.array_equal(trainer.frame().tiles.now, start)


def test_tiles_show_what_has_changed() -> None:
    trainer = make_image_trainer("mlp")
    first = trainer.frame()
    assert first.tiles.now.shape == (128, 28, 28)
    assert not first.tiles.since_start.any()
    trainer.advance(epochs=1)
    later = trainer.frame()
    assert later.tiles.since_start.any()
    assert not later.tiles.since_last_epoch.any()
    np.testing.assert_array_equal(later.tiles.start, first.tiles.now)
    np.testing.assert_array_equal(
        later.tiles.now, trainer.model[1].weight.detach().numpy().reshape(-1, 28, 28)
    )


def test_what_is_unchanged_is_the_same_object() -> None:
    trainer = make_image_trainer("mlp")
    one = trainer.frame()
    trainer.advance(steps=1)
    two = trainer.frame()
    for name in ("stages", "classes", "mistakes", "confusion"):
        assert getattr(one, name) is getattr(two, name)
    assert one.probe_set.pictures is two.probe_set.pictures
    assert one.tiles.start is two.tiles.start


def test_frames_never_change() -> None:
    trainer = make_image_trainer("mlp")
    frames = [trainer.frame()]
    before = dataclasses.replace(frames[0].tiles, now=frames[0].tiles.now.copy())
    confusion, points = frames[0].confusion.copy(), frames[0].points.copy()
    trainer.train(epochs=2)
    np.testing.assert_array_equal(frames[0].tiles.now, before.now)
    np.testing.assert_array_equal(frames[0].confusion, confusion)
    np.testing.assert_array_equal(frames[0].points, points)


def test_the_model_reads_while_it_is_trained_and_stays_in_evaluation_mode() -> None:
    trainer = make_image_trainer(small_cnn())
    model = trainer.model
    inputs = trainer._session.batches.sample(5)[0]
    before = model(inputs)
    trainer.advance(steps=3)
    assert trainer.model is model
    assert not model.training
    assert not torch.equal(model(inputs), before)
    torch.testing.assert_close(model(inputs), trainer.model(inputs))
    running = model[1].running_mean
    assert running.any()


def test_a_given_module_is_left_alone() -> None:
    module = small_cnn()
    before = [each.clone() for each in module.state_dict().values()]
    make_image_trainer(module).advance(steps=3)
    for mine, theirs in zip(module.state_dict().values(), before, strict=True):
        torch.testing.assert_close(mine, theirs)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (nn.Sequential(nn.Flatten(), nn.Linear(100, 10)), "can't be given pictures"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 7)), r"\(2, 10\)"),
        (nn.Sequential(nn.Flatten(), nn.LSTM(784, 10)), "gives tuple"),
        (nn.Sequential(nn.Flatten(), nn.LazyConv2d(2, 5)), "can't be given pictures"),
        (nn.Flatten(), "no weights"),
        (small_cnn().append(nn.Softmax(1)), "ends with Softmax: leave it out, as the loss adds it"),
    ],
)
def test_networks_that_cannot_read_are_refused_in_words(module: nn.Module, said: str) -> None:
    with pytest.raises(InputError, match=said):
        make_image_trainer(module).frame()


def test_frozen_parts_and_parts_in_evaluation_mode_stay_so() -> None:
    module = small_cnn()
    module[0].requires_grad_(False)
    module[1].eval()
    trainer = make_image_trainer(module, optimiser="AdamW", l2=0.1)
    trainer.advance(steps=3)
    for name, value in trainer.model.state_dict().items():
        still = name.startswith("0.") or "running" in name or "tracked" in name
        assert torch.equal(value, module.state_dict()[name]) == still, name


def test_lazy_layers_draw_their_weights_and_a_compiled_module_is_unwrapped() -> None:
    module = nn.Sequential(
        nn.LazyConv2d(2, 5, stride=4), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(10)
    )
    compiled = nn.Module()
    compiled._orig_mod = module  # as `torch.compile` wraps it
    trainer = make_image_trainer(compiled)
    trainer.advance(steps=1)
    assert type(module[1]) is nn.BatchNorm2d
    counts = [each.get_buffer("1.num_batches_tracked").item() for each in (module, trainer.model)]
    assert counts == [0, 1]


def test_a_refused_network_leaves_the_last_one_learning() -> None:
    trainer = make_image_trainer("mlp")
    trainer.advance(steps=2)
    trainer.classifier = CustomClassifier(channels=[8] * 6)
    assert trainer.frame().notes[0].kind == "refused"
    assert trainer.advance(steps=1) == 1
    trainer.classifier = "softmax"
    assert trainer.frame().notes == ()
    assert trainer.step_count == 0


def test_a_single_picture_cannot_be_normalised() -> None:
    trainer = make_image_trainer(small_cnn(), BarImages(31, 20), batch_size=10)
    trainer.advance(epochs=1)  # 31 pictures: the last batch takes one more
    assert trainer.step_count == 3
    trainer.training.batch_size = 1
    with pytest.raises(InputError, match="batch size of 2"):
        trainer.advance(steps=1)
    trainer.training.batch_size = 5
    assert trainer.advance(steps=1) == 1


def test_settings_take_effect_while_training() -> None:
    trainer = make_image_trainer("mlp")
    trainer.advance(steps=2)
    for name, value in (("optimiser", "SGD"), ("loss", "hinge"), ("batch_size", 7), ("l1", 0.1)):
        setattr(trainer.training, name, value)
        assert trainer.advance(steps=2) == 2
    trainer.augmentation.untouched = 0.0
    trainer.advance(epochs=1)
    assert trainer.epoch == 1
    plain = trainer.problem.images.train.pictures.numpy()
    shown = trainer.frame().augmented_inputs
    assert not any((plain == each).all((1, 2)).any() for each in shown)


def test_points_do_not_jump_from_update_to_update() -> None:
    trainer = make_image_trainer("mlp", learning_rate=3e-4)
    run = (trainer.frame(), trainer._session)[1]
    looks = []
    for _ in range(6):
        trainer.advance(steps=1)
        with torch.no_grad():
            for _ in run.probes.update():
                pass
        looks.append(trainer.frame().points)
    for one, two in pairwise(looks):
        assert np.abs(one - two).mean() < 0.25  # a flip would be four times that


def test_it_loads_what_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = BarImages(60, 20)
    given, problem.given = problem.given, None

    def load(progress: object = None) -> object:
        problem.given = given
        return given

    monkeypatch.setattr(problem, "load", load)
    assert ImageTrainer(problem, "softmax").step().step == 1
    problem.given = None  # other pictures were chosen, and are not there yet
    monkeypatch.setattr(problem, "load", lambda: pytest.fail("It must not wait for them."))


def test_other_pictures_begin_a_new_run() -> None:
    trainer = make_image_trainer("softmax", BarImages(60, 20))
    trainer.advance(steps=1)
    old = trainer.problem.given
    trainer.problem.given = None
    assert trainer.advance(steps=1) == 1
    trainer.problem.given = dataclasses.replace(old, train=bar_images(80, 3), remark="Odd.")
    frame = trainer.frame()
    assert frame.step == 0
    assert frame.notes[0].sentence == "Odd."
    assert trainer.steps_per_epoch == 2
