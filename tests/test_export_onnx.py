"""ONNX: what ONNX Runtime says is what PyTorch says."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export import onnx as exporting
from playground.export.onnx import onnx_of, why_not
from playground.networks.activations import ACTIVATIONS
from playground.networks.readers import READERS, OwnReader
from playground.problems import FEATURES, Gates, Points
from tests.learning import make_trainer
from tests.reading import make_reader
from tests.server import ROOT

PARITY = 1e-5


def answers(exported: bytes, given: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Ask ONNX Runtime."""
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    (only,) = session.get_inputs()
    names = [each.name for each in session.get_outputs()]
    return dict(zip(names, session.run(names, {only.name: given}), strict=True))


def rows(count: int, inputs: int = 2) -> np.ndarray[Any, Any]:
    return np.random.default_rng(0).uniform(-6, 6, (count, inputs)).astype(np.float32)


def scribbles(count: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28)).astype(np.uint8)


PROBLEMS = {
    "gate": (lambda: Gates(gate="XOR", inputs_count=3), {"features": ["A", "C"]}, 3),
    "two classes": (lambda: Points(shape="moons"), {"features": list(FEATURES)}, 2),
    "many classes": (lambda: Points(shape="blobs", classes_count=5), {}, 2),
    "hinge": (lambda: Points(shape="blobs"), {"loss": "hinge"}, 2),
    "regression": (lambda: Points(shape="plane"), {"hidden": []}, 2),
}


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("make", "choices", "inputs"), PROBLEMS.values(), ids=PROBLEMS)
def test_dense_networks_answer_the_same(make, choices, inputs, count) -> None:
    trainer = make_trainer(make(), dropout=0.3, **choices)
    trainer.train(3)
    given = rows(count, inputs)
    said = answers(onnx_of(trainer), given)
    expected = trainer.predict(given)
    name = "probabilities" if trainer.problem.classes else "values"
    assert np.abs(said[name] - expected).max() < PARITY


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_answer_the_same(name) -> None:
    trainer = make_trainer(activation=name)
    given = rows(40)
    said = answers(onnx_of(trainer), given)["probabilities"]
    assert np.abs(said - trainer.predict(given)).max() < PARITY


OWN = OwnReader(channels=[3, 4], pool="average", batch_norm=True, dropout=0.3, activation="Mish")


@pytest.mark.parametrize("reader", [*READERS, OWN], ids=[*READERS, "own"])
def test_readers_answer_the_same(reader) -> None:
    trainer = make_reader(reader)
    trainer.advance(steps=2)
    given = scribbles(7)
    said = answers(onnx_of(trainer), given)
    assert np.abs(said["probabilities"] - trainer.predict(given)).max() < PARITY
    assert said["scores"].shape == (7, 10)


def test_a_module_alone() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(5, 3), nn.Dropout(), nn.ReLU())
    given = rows(4, 5)
    (said,) = answers(onnx_of(module, (5,)), given).values()
    assert np.abs(said - module.eval()(torch.from_numpy(given)).detach().numpy()).max() < PARITY
    with pytest.raises(InputError, match="shape of one input"):
        onnx_of(module)


def test_a_module_is_left_as_it_was() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    onnx_of(module, (2,))
    assert module.training
    assert module[1].training


def test_what_the_file_says_of_itself() -> None:
    model = onnx.load_from_string(onnx_of(make_trainer(features=["x", "x²"])))
    onnx.checker.check_model(model, full_check=True)
    said = {each.key: each.value for each in model.metadata_props}
    assert json.loads(said["inputs"]) == ["x", "y"]
    assert json.loads(said["classes"]) == ["0", "1"]
    assert "features x, x²" in said["preprocessing"]
    assert model.doc_string == said["preprocessing"]
    assert [each.name for each in model.graph.input] == ["inputs"]
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    model = onnx.load_from_string(onnx_of(make_reader("softmax")))
    assert "255" in model.doc_string
    assert model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8


def test_nothing_of_this_machine_is_in_the_file() -> None:
    exported = onnx_of(make_trainer())
    for trace in (".py", str(ROOT), sys.prefix, "site-packages"):
        assert trace.encode() not in exported


def test_what_is_missing_is_named(monkeypatch) -> None:
    assert why_not() is None
    monkeypatch.setattr(exporting, "find_spec", lambda name: None if name == "onnxscript" else name)
    with pytest.raises(InputError, match=r"needs onnxscript: .*neural-playground\[onnx\]"):
        onnx_of(make_trainer())


class _Bent(nn.Module):
    """Answers otherwise when traced: what an export must not get away with."""

    def forward(self, given: Tensor) -> Tensor:
        return given + (1.0 if torch.compiler.is_exporting() else 0.0)


def test_a_file_that_answers_otherwise_is_refused() -> None:
    with pytest.raises(InputError, match="answers otherwise than PyTorch does, by 1"):
        onnx_of(_Bent(), (2,))


class _Wayward(nn.Module):
    """Goes a way that depends on what it is given."""

    def forward(self, given: Tensor) -> Tensor:
        return given if given.sum() > 0 else -given


def test_a_network_that_onnx_cannot_say_is_refused() -> None:
    with pytest.raises(InputError, match="can't be said in ONNX"):
        onnx_of(_Wayward(), (2,))
