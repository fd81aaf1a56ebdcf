"""ONNX: what ONNX Runtime says is what PyTorch says."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import onnxscript
import pytest
import torch
from torch import Tensor, nn

from playground.cli.export_run import write_export
from playground.errors import InputError
from playground.export import onnx as exporting
from playground.export.exportable_model import exportable_model
from playground.export.onnx import onnx_unavailable_reason, to_onnx
from playground.networks.architecture import MAX_LAYERS
from playground.networks.classifiers import CustomClassifier
from playground.networks.dense import activations
from playground.networks.dense.activations import ACTIVATIONS
from playground.pages.runs.drawer.files_tab import FilesTab
from playground.problems import FEATURES, Gates, Points, Problem
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer
from tests.export.test_export_tabs import content, download
from tests.support.servers.server import ROOT
from tests.support.training.dense_training import make_trainer
from tests.support.training.image_trainers import make_image_trainer
from tests.support.training.table_trainers import (
    EPOCHS,
    EXPORTED,
    check_answers,
    exported_table,
    table,
    trainer_of,
)

TOLERANCE = 1e-5
EXTENDING = ROOT / "docs" / "extending.md"


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


def layers_of(activations: list[str]) -> dict[str, list[Any]]:
    """Return choices that make a layer of each activation: exporting takes a second or two."""
    return {"hidden": [4] * len(activations), "layer_activations": activations}


OWN = CustomClassifier(
    channels=[3, 4], pool="average", batch_norm=True, dropout=0.3, activation="Mish"
)
TRAINERS: dict[str, Callable[[], Trainer | ImageTrainer]] = {
    "gate": lambda: dense(
        Gates(gate="XOR", inputs_count=3), features=["A", "C"], hidden=[4], loss="hinge"
    ),
    "two classes": lambda: dense(
        Points(shape="moons"), features=list(FEATURES), **layers_of([*ACTIVATIONS][:MAX_LAYERS])
    ),
    "many classes": lambda: dense(
        Points(shape="blobs", classes_count=5), **layers_of([*ACTIVATIONS][MAX_LAYERS:])
    ),
    "regression": lambda: dense(Points(shape="plane"), features=["x", "x²"], hidden=[]),
    "max pooling": lambda: make_image_trainer("cnn"),
    "own": lambda: make_image_trainer(OWN),
}


def dense(problem: Problem, **choices: Any) -> Trainer:
    return make_trainer(problem, dropout=0.3, **choices)


@pytest.fixture(scope="module", autouse=True)
def softsign() -> Iterator[None]:
    """Register the activation that docs/extending.md adds: it goes into a file as all others."""
    (code,) = re.findall(r", before ACTIVATIONS\n(.*?)^```", EXTENDING.read_text(), re.M | re.S)
    names = {**vars(activations)}
    exec(code, names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ACTIVATIONS, "softsign", names["_Softsign"]())
        yield


@cache
def export(name: str) -> tuple[Trainer | ImageTrainer, bytes]:
    """Train one of the networks for a moment, and export it."""
    trainer = TRAINERS[name]()
    trainer.advance(steps=2)
    return trainer, to_onnx(trainer)


@pytest.mark.parametrize(
    ("name", "inputs"), [("gate", 3), ("two classes", 2), ("many classes", 2), ("regression", 2)]
)
def test_dense_networks_answer_the_same(name: str, inputs: int) -> None:
    trainer, file = export(name)
    outputs_name = "probabilities" if trainer.problem.classes else "values"
    for count in (1, 50):
        given = rows(count, inputs)
        outputs = answers(file, given)[outputs_name]
        assert np.abs(outputs - trainer.predict(given)).max() < TOLERANCE


@pytest.mark.parametrize("name", ["max pooling", "own"])
def test_classifiers_answer_the_same(name: str) -> None:
    trainer, file = export(name)
    given = scribbles(7)
    outputs = answers(file, given)
    assert np.abs(outputs["probabilities"] - trainer.predict(given)).max() < TOLERANCE
    assert outputs["scores"].shape == (7, 10)


@pytest.mark.parametrize("case", EXPORTED)
def test_networks_of_tables_answer_in_their_units(
    case: tuple[str, str, float, bool, str],
) -> None:
    trainer, table_rows = exported_table(*case)
    check_answers(table_answers(to_onnx(trainer), table_rows), trainer, table_rows)


def test_two_logits_are_two_probabilities() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
    trainer = trainer_of(table("two classes", 5000.0), module)
    trainer.train(EPOCHS)
    given = table("two classes", 5000.0)[["a", "b"]].to_numpy(np.float32)
    check_answers(table_answers(to_onnx(trainer), given), trainer, given)


def table_answers(exported: bytes, given: Any) -> np.ndarray[Any, Any]:
    """Ask ONNX Runtime about rows of a table, in the type that the file takes."""
    (only,) = onnx.load_from_string(exported).graph.input
    is_single = only.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    found = answers(exported, given.astype(np.float32 if is_single else np.float64))
    return found.get("probabilities", found.get("values"))


def test_the_command_and_the_page_write_it(tmp_path: Path) -> None:
    """What takes long is to load what exports; therefore here."""
    trainer = make_trainer(Gates(gate="XOR"), hidden=[])
    written = write_export("onnx", trainer, tmp_path / "out.onnx").read_bytes()
    downloaded = content(download(FilesTab(trainer), "ONNX"))
    for file in (written, downloaded):
        assert b"Playground" in file
        outputs = answers(file, rows(5))["probabilities"]
        assert np.abs(outputs - trainer.predict(rows(5))).max() < TOLERANCE


def test_a_module_alone_is_exported_and_left_as_it_was() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(5, 3), nn.Dropout(), nn.ReLU())
    given = rows(4, 5)
    (outputs,) = answers(to_onnx(module, (5,)), given).values()
    assert module.training
    assert module[1].training
    assert (
        np.abs(outputs - module.eval()(torch.from_numpy(given)).detach().numpy()).max() < TOLERANCE
    )
    with pytest.raises(InputError, match="shape of one input"):
        to_onnx(module)


def test_what_the_file_says_of_itself() -> None:
    _, file = export("gate")
    for trace_of_this_machine in (".py", str(ROOT), sys.prefix, "site-packages"):
        assert trace_of_this_machine.encode() not in file
    model = onnx.load_from_string(file)
    onnx.checker.check_model(model, full_check=True)
    outputs = {each.key: each.value for each in model.metadata_props}
    assert json.loads(outputs["inputs"]) == ["A", "B", "C"]
    assert json.loads(outputs["classes"]) == ["0", "1"]
    assert "features A, C" in outputs["preprocessing"]
    assert model.doc_string == outputs["preprocessing"]
    assert [each.name for each in model.graph.input] == ["inputs"]
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    model = onnx.load_from_string(export("own")[1])
    assert "255" in model.doc_string
    assert model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8


def test_functions_are_read_once_and_those_added_to_one_export_stay_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    export("gate")
    sources: list[object] = []
    monkeypatch.setattr(inspect, "getsource", record_calls(inspect.getsource, sources))
    module, given = nn.Sequential(nn.Linear(2, 2), nn.Tanh()).eval(), rows(3)
    torch.onnx.export(
        module,
        (torch.from_numpy(given),),
        custom_translation_table={torch.ops.aten.tanh.default: onnxscript.opset18.Sin},
        verbose=False,
    )
    (outputs,) = answers(to_onnx(module, (2,)), given).values()
    assert np.abs(outputs - module(torch.from_numpy(given)).detach().numpy()).max() < TOLERANCE
    assert len(sources) < 50


def record_calls(call: Callable[[Any], str], given: list[object]) -> Callable[[Any], str]:
    """Return a function that notes what it is given."""

    def recording(each: object) -> str:
        given.append(each)
        return call(each)

    return recording


def test_what_is_missing_is_named(monkeypatch) -> None:
    assert onnx_unavailable_reason() is None
    monkeypatch.setattr(exporting, "find_spec", lambda name: None if name == "onnxscript" else name)
    with pytest.raises(InputError, match=r"needs onnxscript: .*neural-playground\[onnx\]"):
        to_onnx(make_trainer())


class _DiffersWhenExported(nn.Module):
    """Answers otherwise when traced: what an export must not get away with."""

    def forward(self, given: Tensor) -> Tensor:
        return given + (1.0 if torch.compiler.is_exporting() else 0.0)


def test_a_file_that_answers_otherwise_is_refused() -> None:
    with pytest.raises(InputError, match="differ from those of PyTorch by 1"):
        to_onnx(_DiffersWhenExported(), (2,))
    # Linear layers under `torch.autocast`, of which ONNX Runtime has none in bfloat16, end so too.
    with pytest.raises(InputError, match=r"ONNX Runtime can't compute .* becomes in ONNX: \["):
        exporting._max_relative_difference(b"unknown", exportable_model(nn.Linear(2, 1), (2,)))


class _DataDependentBranch(nn.Module):
    """Goes a way that depends on what it is given."""

    def forward(self, given: Tensor) -> Tensor:
        return given if given.sum() > 0 else -given


class _UsesData(nn.Linear):
    """Takes `.data` of its weight, over which PyTorch's other way of exporting crashes."""

    def forward(self, given: Tensor) -> Tensor:
        return super().forward(given) * self.weight.data.abs().mean()


def test_a_network_that_onnx_cannot_say_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="can't be exported to ONNX: Could not guard") as raised:
        to_onnx(_DataDependentBranch(), (2,))
    assert "\x1b" not in str(raised.value)  # no colours of a terminal
    assert len(str(raised.value).splitlines()) == 1
    assert "forward" not in "".join(capfd.readouterr()), "the graph that it stopped at is printed"
    with pytest.raises(InputError, match=r"if it uses `.data` of a tensor, `.detach\(\)` does"):
        to_onnx(_UsesData(2, 2), (2,))


def test_a_file_for_one_number_of_rows_only_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # So the exporter answers where `forward` uses len(x). The module itself takes no single row.
    monkeypatch.setattr(torch.export, "Dim", lambda _name: None)
    module = nn.BatchNorm1d(2, track_running_stats=False)
    with pytest.raises(InputError, match="no other number of rows than it was made with"):
        to_onnx(module, (2,))
