"""Scripts of PyTorch: they run without us, come to the same result, and are well written."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.export.code import script
from playground.networks.architecture import Architecture
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.initialisers import INITIALISERS
from playground.problems import CLOUDS, CUSTOM, FEATURES, GATES, OWN, Gates, Points, PointSet
from playground.problems.digits import Digits
from playground.problems.image_datasets import IMAGE_DATASETS
from playground.problems.points.point_snapshot import PointSnapshot, even_split_keys
from playground.training.core.losses import LOSSES, Loss, losses_for, make_loss
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import SCHEDULES
from playground.training.dense.edits import Freeze, FreezeLayer, ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from playground.training.images import Corrections, ImageTrainer, default_training
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.training import Training
from tests.support.data import idx_files
from tests.support.servers.server import ROOT
from tests.support.training.dense_training import make_trainer

LINTS = "E,F,W,I,UP,B,SIM,C4,RET,PT,PIE"
SCORE = re.compile(r"loss ([\d.]+)(?:, accuracy ([\d.]+)%)?")


class Runner:
    """A process that runs scripts and nothing of ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", str(ROOT / "tests/support/script_runner.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PLAYGROUND_DATA": str(folder)},
        )

    def __call__(self, text: str, *arguments: str) -> list[str]:
        """Run a script with arguments, and return the lines that it prints."""
        self._count += 1
        path = self._folder / f"script_{self._count}.py"
        path.write_text(text)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([str(path), *arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert not answer["failed"], f"{answer['failed']}\n{text}"
        return answer["printed"].splitlines()

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    folder = tmp_path_factory.mktemp("scripts")
    idx_files.write(folder, readable())
    runner = Runner(folder)
    yield runner
    runner.close()


def readable() -> dict[str, Any]:
    """A small set in MNIST's format that can be learned: each class is a bar at its place."""
    rng = np.random.default_rng(0)
    files = {}
    for part, count in (("train", 240), ("t10k", 200)):
        labels = np.arange(count) % 10
        pictures = rng.integers(0, 60, (count, 28, 28))
        for picture, label in zip(pictures, labels, strict=True):
            picture[:, 2 + 2 * label : 5 + 2 * label] = 255
        files[f"{part}-images-idx3-ubyte"], files[f"{part}-labels-idx1-ubyte"] = pictures, labels
    return files


def score(line: str) -> tuple[float, float]:
    """The loss and the accuracy (0 to 1, NaN in regression) that a script printed."""
    found = SCORE.search(line)
    assert found, line
    return float(found[1]), float(found[2] or "nan") / 100


def check(trainer: Trainer, run: Runner, epochs: int = 6, *, exact: bool = True) -> str:
    """Train here and by the script; losses and accuracies must agree."""
    trainer.train(epochs)
    frame, text = trainer.frame(), script(trainer)
    lines = run(text)
    epoch_lines = [line for line in lines if line.startswith("epoch")]
    assert epoch_lines[-1].startswith(f"epoch {epochs}:")
    pairs = [(epoch_lines[-1], frame.train)]
    if lines[-1].startswith("test"):
        pairs.append((lines[-1], frame.test))
    for line, here in pairs:
        loss, accuracy = score(line)
        if exact:
            assert loss == pytest.approx(here.loss, rel=0.02, abs=2e-4)
            assert accuracy == pytest.approx(here.accuracy, abs=0.011, nan_ok=True)
        else:
            assert accuracy == pytest.approx(here.accuracy, abs=0.08)
    return text


def points(**choices: Any) -> Points:
    return Points(**{"count": 120, **choices})


# It comes to the same --------------------------------------------------------------------------


def side_by_side(*registries: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Put the entries of registries next to each other; shorter ones begin again.

    Each registry decides about another part of a script, so that their product has no more to say.
    """
    lists = [list(each) for each in registries]
    longest = max(map(len, lists))
    return list(islice(zip(*map(cycle, lists), strict=False), longest))


@pytest.mark.parametrize(
    ("gate", "initialiser", "inputs"), side_by_side([*GATES, CUSTOM], INITIALISERS, [2, 3])
)
def test_gates_and_initialisers(gate, initialiser, inputs, run) -> None:
    problem = Gates(gate=gate, inputs_count=inputs)
    # PyTorch draws 16 normal numbers or more otherwise than fewer.
    network = {"hidden": [9, 4], "initialiser": initialiser, "activation": "ReLU"}
    text = check(make_trainer(problem, **network, batch_size=3, learning_rate=0.01), run)
    for row, answer in zip(problem.rows(), problem.answers(), strict=True):
        assert str([*map(int, row), int(answer)]) in text


def test_a_noisy_gate_is_examined_on_the_exact_rows(run) -> None:
    problem = Gates(gate="XOR", noise=0.15, seed=3)
    text = check(make_trainer(problem, hidden=[4]), run)
    assert "test" in text


def test_training_points_that_are_counted_out(run) -> None:
    # Of 650 points, even keys below a quarter would choose three more than the page does.
    problem = Points(shape="two Gaussians", count=650, train_ratio=0.25)
    assert len(problem.samples().train) == 162
    check(make_trainer(problem), run)


@pytest.mark.parametrize(
    ("shape", "activation", "optimiser", "schedule"),
    side_by_side(CLOUDS, reversed(ACTIVATIONS), OPTIMISERS, SCHEDULES),
)
def test_clouds_activations_optimisers_and_schedules(
    shape, activation, optimiser, schedule, run
) -> None:
    trainer = make_trainer(
        points(shape=shape, seed=5, noise=0.2, train_ratio=0.6),
        hidden=[5, 3],
        activation=activation,
        optimiser=optimiser,
        learning_rate=OPTIMISERS[optimiser].typical_rate / 2,
        l2=0.01,
        schedule=schedule,
        horizon=5,
    )
    # Rounding alone takes networks apart where a step decides.
    text = check(trainer, run, 8, exact=activation != "step")
    assert ("LambdaLR" in text) == (schedule != "constant")
    assert "clip_grad_norm_" not in text


def test_a_layer_with_an_activation_of_its_own(run) -> None:
    text = check(make_trainer(points(), hidden=[4, 3], layer_activations=["ReLU", None]), run)
    assert text.index("nn.ReLU()") < text.index("nn.Tanh()")


@pytest.mark.parametrize(
    "choices",
    [
        {"momentum": 0.5, "beta1": 0.5, "beta2": 0.9, "max_norm": 0.05},
        {"momentum": 0, "beta1": 0, "l1": 0.001, "l2": 0.01, "max_norm": 0.1},
    ],
)
@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers(name, choices, run) -> None:
    rate = OPTIMISERS[name].typical_rate / 2
    text = check(make_trainer(points(), optimiser=name, learning_rate=rate, **choices), run)
    assert "clip_grad_norm_" in text


def test_l1(run) -> None:
    check(make_trainer(points(), l1=0.002), run)


SHAPES = ("moons", "blobs", "plane")
"""With two classes, with more, and with a number to be predicted."""


@pytest.mark.parametrize(
    ("shape", "name"),
    [(shape, name) for shape in SHAPES for name in losses_for(CLOUDS[shape].kind)],
)
def test_losses(shape, name, run) -> None:
    text = check(make_trainer(points(shape=shape, classes_count=4), loss=name), run)
    assert f'"""{name.capitalize()}."""' in text


def test_a_loss_that_a_problem_can_not_have_is_replaced() -> None:
    for shape in SHAPES:
        possible = losses_for(CLOUDS[shape].kind)
        expected = script(make_trainer(points(shape=shape), loss=possible[0]))
        for name in LOSSES.keys() - set(possible):
            assert script(make_trainer(points(shape=shape), loss=name)) == expected, (shape, name)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", losses_for("classification"))
def test_class_weights(name, classes, run) -> None:
    own, rng = PointSet(), np.random.default_rng(0)
    for label, size in enumerate((30, 8, 5)[:classes]):
        own.add(rng.normal(label, 1, (size, 2)), label)
    trainer = make_trainer(Points(own, shape=OWN), loss=name, class_weights="balanced")
    assert "CLASS_WEIGHTS = balanced_weights(y" in check(trainer, run)
    trainer.problem.shape = "plane"
    assert "CLASS_WEIGHTS" not in script(trainer)


@pytest.mark.parametrize("problem", [points(shape="moons", noise=0.4), Gates(noise=0.3)], ids=type)
def test_plateau_and_early_stopping(problem, run) -> None:
    rates = {"learning_rate": 0.1, "plateau_patience": 1, "plateau_factor": 0.5}
    trainer = make_trainer(problem, schedule="plateau", hidden=[6], batch_size=4, **rates)
    text = check(trainer, run, 25)
    assert "ReduceLROnPlateau(optimiser, factor=0.5, patience=1)" in text
    assert trainer.frame().rate < 0.1
    trainer.training.early_stopping = 2
    trainer.reset()
    trainer.advance(epochs=1000)
    assert trainer.paused_by is not None
    printed = run(script(trainer))
    back = next(line for line in printed if "back to epoch" in line)
    assert back.startswith(f"epoch {trainer.epoch}: ")
    assert (
        f"since {re.search('epoch [0-9]+', back.partition(':')[2])[0]},"
        in trainer.paused_by.sentence
    )
    assert score(back)[0] == pytest.approx(trainer.frame().test.loss, rel=0.02, abs=2e-4)
    trainer.advance(epochs=1000)  # on from the stop, to another one
    trainer.train(2)
    printed = run(script(trainer))
    assert sum("back to epoch" in line for line in printed) > 1
    assert printed[-1].startswith("test: ") or printed[-1].startswith(f"epoch {trainer.epoch}:")
    assert score(printed[-1])[0] == pytest.approx(trainer.frame().test.loss, rel=0.02, abs=2e-4)


def test_the_default_of_an_architecture_is_written_too(monkeypatch) -> None:
    monkeypatch.setattr(Architecture.param.initialiser, "default", "He")
    assert "kaiming_normal_" in script(Trainer(points(), Architecture()))


def test_features(run) -> None:
    check(make_trainer(points(shape="spiral"), features=list(FEATURES), learning_rate=0.01), run)


def test_a_single_input_of_a_gate(run) -> None:
    check(make_trainer(Gates(gate="OR"), features=["B"]), run)


def test_dropout_only_while_learning(run) -> None:
    trainer = make_trainer(points(count=300), dropout=0.1, hidden=[12], learning_rate=0.02)
    assert "model.eval()" in check(trainer, run, 40, exact=False)


@pytest.mark.parametrize(("regression", "classes"), [(False, 2), (False, 4), (True, 0)])
def test_custom_points(regression, classes, run) -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-6, 6, (40, 2)).astype(np.float32)
    y = np.sin(x[:, 0]) if regression else np.arange(40) % classes
    names = tuple(f"class {number}" for number in range(classes))
    y = y.astype(np.float32 if regression else np.int64)
    own = PointSet(PointSnapshot(x, y, even_split_keys(0, 40), names))
    check(make_trainer(Points(own, shape=OWN), features=["x", "y", "xy"]), run)


def test_literal_points_are_equal_to_the_bit(tmp_path) -> None:
    own = PointSet()
    rng = np.random.default_rng(2)
    own.add(rng.uniform(-6, 6, (500, 2)), rng.integers(0, 2, 500))
    own.add([1e-30, -6.0], 1)
    problem = Points(own, shape=OWN)
    text = script(make_trainer(problem))
    rows = np.loadtxt(text.partition('TRAIN = """')[2].partition('"""')[0].splitlines(), np.float32)
    assert np.array_equal(rows[:, :2], problem.samples().train.x)
    assert np.array_equal(rows[:, 2], problem.samples().train.y)


# Nothing more than needed ----------------------------------------------------------------------


def test_a_plain_problem_makes_a_short_script(run) -> None:
    text = script(make_trainer(Gates(gate="XOR"), hidden=[6]))
    assert len(text.splitlines()) < 65
    for absent in ("numpy", "Dropout", "eval()", "weight_decay", "schedule", "features", "def _"):
        assert absent not in text


def test_how_long_it_trains() -> None:
    trainer = make_trainer(Gates(gate="AND"))
    assert "EPOCHS = 100\n" in script(trainer)
    trainer.training.stop_epoch = 30
    assert "EPOCHS = 30\n" in script(trainer)
    trainer.train(7)
    assert "EPOCHS = 7\n" in script(trainer)
    assert "EPOCHS = 5\n" in script(trainer, epochs=5)


@pytest.mark.parametrize(
    "choices",
    [
        {"optimiser": "AdamW", "l2": 0.1, "l1": 0.01, "max_norm": 0.1},
        {"optimiser": "SGD", "l2": 0.1, "learning_rate": 0.1, "engine": "autograd"},
    ],
)
def test_frozen_weights_and_biases_are_held(choices) -> None:
    trainer = frozen_trainer(**choices)
    first = trainer.frame().layers
    trainer.train(6)
    made: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script(trainer), made)
    layers = trainer.frame().layers
    for layer, linear in zip(layers, made["model"][::2], strict=True):
        np.testing.assert_allclose(linear.weight.detach(), layer.weight, atol=1e-5)
        np.testing.assert_allclose(linear.bias.detach(), layer.bias, atol=1e-5)
    assert layers[0].weight[1, 0] == np.float32(0.7)
    assert layers[0].bias[2] == first[0].bias[2]
    assert layers[2].weight.tolist() == first[2].weight.tolist()
    assert layers[1].weight.tolist() != first[1].weight.tolist()


def frozen_trainer(**choices: Any) -> Trainer:
    """A network with a weight, a bias and the output layer frozen."""
    trainer = make_trainer(points(), hidden=[4, 3], **choices)
    trainer.edit(SetValue(ParameterRef(0, 1, 0), 0.7))
    trainer.edit(Freeze(ParameterRef(0, 1, 0)))
    trainer.edit(Freeze(ParameterRef(0, 2, None)))
    trainer.edit(FreezeLayer(2))
    return trainer


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(InputError, match="nothing to learn from"):
        script(make_trainer(Points(shape=OWN)))


def test_a_hostile_class_name_stays_a_comment(run) -> None:
    own = PointSet(
        PointSnapshot(
            np.array([[0, 1], [1, 0], [2, 2]], np.float32),
            np.array([0, 1, 0]),
            np.zeros(3),
            ('"""\nimport os', "b\r\x0c\u2028raise SystemExit"),
        )
    )
    assert run(script(make_trainer(Points(own, shape=OWN)), epochs=1))


# The registries' counterparts in PyTorch ---------------------------------------------------------


@pytest.mark.parametrize("copies_of", [(name, form) for name in LOSSES for form in LOSSES[name]])
def test_the_loss_of_scripts_is_the_loss_of_engines(copies_of) -> None:
    name, form = copies_of
    outputs = 4 if form == "many" else 1
    loss = make_loss(name, "regression" if form == "regression" else "classification", outputs)
    random = torch.Generator().manual_seed(0)
    z = 2 * torch.randn(9, outputs, generator=random)
    labels = torch.randint(max(outputs, 2), (9,), generator=random)
    y = labels if form == "many" else labels.float()[:, None]
    ours = nn.functional.one_hot(labels, outputs).float() if form == "many" else y
    assert loss.pytorch is not None
    values = loss.values(z.T[None], ours.T[None])[0]
    each = loss.pytorch_each(z, y) if loss.pytorch_each else loss.pytorch(z, y, reduction="none")
    torch.testing.assert_close(each.flatten(), values)
    assert loss.pytorch(z, y).item() == pytest.approx(loss.value(z.T[None], ours.T[None]).item())


def test_a_loss_without_a_counterpart_is_refused(monkeypatch) -> None:
    class Odd(Loss):
        pass

    monkeypatch.setattr("playground.export.code.dense_script.loss_in_use", lambda *_: Odd)
    with pytest.raises(InputError, match="no code to be shown"):
        script(make_trainer())


def test_an_optimiser_without_a_counterpart_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(OPTIMISERS["Adam"], "pytorch", None)
    with pytest.raises(InputError, match="no optimiser 'Adam'"):
        script(make_trainer(optimiser="Adam"))


# Digits ------------------------------------------------------------------------------------------


def image_trainer(folder: Path, classifier: Any = "softmax", **choices: Any) -> ImageTrainer:
    training = default_training(**{"batch_size": 20, **choices})
    return ImageTrainer(Digits(folder=str(folder)), classifier, training)


@pytest.fixture
def small_dataset(tmp_path, monkeypatch) -> Path:
    """The set that can be learned, where MNIST is looked for."""
    from playground.problems.image_datasets import ImageDataset

    idx_files.write(tmp_path, readable())
    plain = ImageDataset("MNIST", "A small set.", "MNIST", tuple("0123456789"))
    monkeypatch.setitem(IMAGE_DATASETS, "MNIST", plain)
    return tmp_path


CLASSIFIER_OPTIONS = {
    "softmax": {"schedule": "plateau", "plateau_patience": 0},
    "mlp": {"optimiser": "AdamW", "l2": 0.01, "beta1": 0.8, "max_norm": 0.5},
    "cnn": {"class_weights": "balanced"},
    "lenet": {"loss": "squared error", "schedule": "one-cycle", "horizon": 4},
}
CLASSIFIER_EPOCHS = {"cnn": 1, "lenet": 3}
"""Of those in which an epoch takes a second."""


@pytest.mark.parametrize("classifier", CLASSIFIER_OPTIONS)
def test_classifiers_reach_the_same_accuracy(classifier, small_dataset, run) -> None:
    trainer = image_trainer(small_dataset, classifier, **CLASSIFIER_OPTIONS[classifier])
    frame = trainer.train(CLASSIFIER_EPOCHS.get(classifier, 4))
    _loss, accuracy = score(run(script(trainer))[-1])
    assert accuracy == pytest.approx(frame.test.accuracy, abs=0.01)


def test_a_custom_classifier_with_augmentation(small_dataset, run) -> None:
    own = CustomClassifier(channels=[4], kernel=5, pool="average", batch_norm=True, dropout=0.2)
    trainer = image_trainer(small_dataset, own)
    trainer.augmentation = Augmentation(shift=0.5, elastic=0.2, rotate=2)
    frame = trainer.train(4)
    text = script(trainer)
    _loss, accuracy = score(run(text)[-1])
    assert accuracy == pytest.approx(frame.test.accuracy, abs=0.05)
    assert accuracy > 0.8
    assert "model.eval()" in text


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_classifiers_are_written_out(classifier) -> None:
    text = script(ImageTrainer(Digits(), classifier))
    namespace: dict[str, Any] = {"nn": nn}
    code = text.partition("model = ")[2].partition("\n)\n")[0] + "\n)"
    torch.manual_seed(0)
    made = eval(code, namespace)
    torch.manual_seed(0)
    assert repr(made) == repr(CLASSIFIERS[classifier].build())


def test_other_sets_by_their_names() -> None:
    for corpus in IMAGE_DATASETS.values():
        assert f"= {corpus.torchvision_name}(FOLDER" in script(
            ImageTrainer(Digits(corpus=corpus.name))
        )


def test_what_a_script_leaves_out_is_said(small_dataset) -> None:
    trainer = image_trainer(small_dataset, CLASSIFIERS["softmax"].build())
    trainer.corrections = Corrections()
    trainer.corrections.add(np.full((28, 28), 9, np.uint8), 3, "3")
    text = script(trainer)
    assert "one correction of yours, 20 times" in text
    assert "began with trained weights" in text


def test_the_stand_in_is_named(monkeypatch, tmp_path) -> None:
    from playground.problems.image_datasets.fallback_digits import fallback_digits

    trainer = ImageTrainer(Digits(), "softmax")
    monkeypatch.setattr(Digits, "images", fallback_digits("MNIST"))
    assert "1,797 digits of scikit-learn stood in for MNIST" in script(trainer)


def test_a_layer_that_is_not_ours_is_refused() -> None:
    class Mine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Linear(784, 10)

    with pytest.raises(InputError, match="Mine is a layer of your own"):
        script(ImageTrainer(Digits(), nn.Sequential(nn.Flatten(), Mine())))


def test_mnist_to_a_percent(run) -> None:
    folder = os.environ.get("PLAYGROUND_DATA")
    if not folder or not idx_files.raw_folder(folder).is_dir():
        pytest.skip("MNIST is not on this machine")
    trainer = ImageTrainer(Digits(folder=folder), "softmax")
    frame = trainer.train(1)
    _loss, accuracy = score(run(script(trainer), folder)[-1])
    assert accuracy == pytest.approx(frame.test.accuracy, abs=0.01)


# Well written ------------------------------------------------------------------------------------


def every_script() -> Iterator[tuple[str, str]]:
    """Scripts that between them hold all that scripts can hold."""
    for gate in [*GATES, CUSTOM]:
        for inputs in (2, 4):
            problem = Gates(gate=gate, inputs_count=inputs, noise=0.1 * (inputs == 4))
            yield gate, script(make_trainer(problem, features=["A", "B"]))
    dense = side_by_side(CLOUDS, ACTIVATIONS, SCHEDULES, INITIALISERS)
    for ratio, large in (
        (0.5, {}),
        (0.9, {"features": list(FEATURES), "hidden": [9] * 8, "dropout": 0.3}),
    ):
        for shape, activation, schedule, initialiser in dense:
            network = {"activation": activation, "initialiser": initialiser, **large}
            problem = points(shape=shape, train_ratio=ratio)
            yield shape, script(make_trainer(problem, **network, schedule=schedule, horizon=10**5))
    odd = {"momentum": 0.0123456789, "beta1": 0.3, "beta2": 0.123456, "max_norm": 1e-06}
    options = (
        {"learning_rate": 0.012345678901234567},
        {"l2": 1e-05, "learning_rate": 0.012345678901234567},
        {"l1": 0.1, "learning_rate": 0.012345678901234567},
        {"l2": 1e-05, **odd},
    )
    losses = itertools.product(SHAPES, LOSSES, ("none", "balanced"))
    for (shape, loss, weights), (optimiser, option) in side_by_side(
        losses, itertools.product(OPTIMISERS, options)
    ):
        choices = {"loss": loss, "class_weights": weights, "optimiser": optimiser, **option}
        yield f"{loss} {optimiser}", script(make_trainer(points(shape=shape), **choices), 1)
    yield "frozen", script(frozen_trainer(max_norm=0.5, early_stopping=2))
    for epochs in (1, 100):
        watching = {"schedule": "plateau", "plateau_factor": 0.123456, "early_stopping": 7}
        yield "watching", script(make_trainer(**watching), epochs)
        yield "watching", script(make_trainer(Gates(), early_stopping=3), epochs)
        yield (
            "watching",
            script(ImageTrainer(Digits(), "lenet", default_training(**watching)), epochs),
        )
    own = PointSet()
    own.add([[1, 2], [3, 4.5], [-1, 0]], [0, 1, 1])
    yield "own", script(make_trainer(Points(own, shape=OWN), features=["x²"]))
    for classifier in [*CLASSIFIERS, CustomClassifier(activation="step", dropout=0.123456789)]:
        for varied in (Augmentation(untouched=1.0), Augmentation()):
            training = default_training(class_weights="balanced")
            yield "classifier", script(ImageTrainer(Digits(), classifier, augmentation=varied))
            yield "classifier", script(ImageTrainer(Digits(), classifier, training, varied))


@pytest.fixture(scope="module")
def scripts() -> list[tuple[str, str]]:
    return [*every_script()]


def test_scripts_are_clean_and_formatted(scripts, tmp_path) -> None:
    for number, (name, text) in enumerate(scripts):
        plain = re.sub(r"\W", "_", name)
        (tmp_path / f"{number}_{plain}.py").write_text(text)
    for command in (["check", "--select", LINTS], ["format", "--diff"]):
        tool = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(tool, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_nothing_in_a_script_is_left_unused(scripts) -> None:
    for _name, text in scripts:
        tree = ast.parse(text)
        made = [each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)]
        used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
        assert set(made) <= used, text


def test_architecture_and_training_defaults_are_what_scripts_leave_out() -> None:
    assert Architecture().initialiser == "PyTorch default"
    assert Training().schedule == "constant"
