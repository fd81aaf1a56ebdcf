"""Whatever leaves a page of own data, or of an own module, says what the page says."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from safetensors.torch import load
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.code import script
from playground.export.onnx import to_onnx
from playground.export.report import report
from playground.export.snapshot import lab_snapshot
from playground.export.weight_files import to_safetensors, weights_to_json
from playground.networks.architecture import Architecture
from playground.pages.own_data import OwnDataPage
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.table_problem import TableProblem
from playground.training.core.class_weights import CLASS_WEIGHTS
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from tests.support.browser.snapshot_page import SnapshotPage

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

TOLERANCE = 1e-5
EPOCHS = 3


class Residual(nn.Module):
    """A module that is no sequence of layers."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.last = nn.Linear(2, 2), nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(x + torch.tanh(self.inner(x)))


MODULES: dict[str, Callable[[int, int], nn.Module] | None] = {
    "none": None,
    "dense": lambda inputs, outputs: nn.Sequential(
        nn.Linear(inputs, 5), nn.Tanh(), nn.Linear(5, outputs)
    ),
    "wide": lambda inputs, outputs: nn.Sequential(
        nn.Linear(inputs, 40), nn.ReLU(), nn.Linear(40, outputs)
    ),
    "normalised": lambda inputs, outputs: nn.Sequential(
        nn.Linear(inputs, 9), nn.BatchNorm1d(9), nn.ReLU(), nn.Dropout(0.3), nn.Linear(9, outputs)
    ),
}
MORE = ["nothing", "eighteen columns", "categories and gaps"]
"""What a table has besides two columns of numbers and the target."""
INPUTS = {"nothing": 2, "eighteen columns": 20, "categories and gaps": 6}


def table(target: str, size: float, more: str = "nothing") -> pd.DataFrame:
    """Two columns of very different size, more, and a target."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(10, 3, 61), size + 50 * rng.normal(size=61)
    score = (a - 10) / 3 + (b - size) / 50
    targets = {
        "two classes": np.where(score > 0, "yes", "no"),
        "three classes": np.array(["u", "v", "w"])[np.digitize(score, [-0.5, 0.5])],
        "twelve classes": np.array([*"abcdefghijkl"])[np.arange(61) % 12],
        "values": 1e6 + 1000 * score,
    }
    found = pd.DataFrame({"a": a, "b": b, "target": targets[target]})
    if more == "eighteen columns":
        for number in range(18):
            found.insert(number, f"x {number}", rng.normal(number, 1 + number, 61))
    elif more == "categories and gaps":
        found.insert(0, "c", rng.normal(5, 2, 61))
        found.loc[rng.permutation(61)[:9], "c"] = np.nan
        found.insert(2, "colour", rng.choice(["red", "green", "blue"], 61))
        found.loc[4, "colour"] = None
    return found


def trainer_of(
    data: pd.DataFrame,
    module: nn.Module | None = None,
    *,
    problem: Mapping[str, Any] | None = None,
    **choices: Any,
) -> Trainer:
    """Make the trainer of a page of own data, without the page."""
    own = TableProblem(data, **(problem or {}))
    architecture = Architecture(features=list(own.inputs), hidden=[8])
    training = Training(**{"batch_size": 20, "learning_rate": 0.02, **choices})
    return Trainer(own, architecture, training, module)


def train_on_table(
    target: str,
    size: float,
    *,
    standardise: bool,
    module: str,
    more: str = "nothing",
    tested: bool = False,
    problem: Mapping[str, Any] | None = None,
    **choices: Any,
) -> tuple[Trainer, pd.DataFrame]:
    """Train on a table, with its last rows as test rows if `tested`; return its inputs too."""
    data = table(target, size, more)
    if target == "values" and not standardise:
        data.target = data.target / 1000 - 1000  # With a million, training diverges at once.
    torch.manual_seed(0)
    outputs = {"three classes": 3, "twelve classes": 12}.get(target, 1)
    make = MODULES[module]
    own = None if make is None else make(INPUTS[more], outputs)
    problem = {**(problem or {}), "standardise": standardise}
    if tested:
        problem["test_data"] = data[45:]
    trainer = trainer_of(data[:45] if tested else data, own, problem=problem, **choices)
    trainer.train(EPOCHS)
    return trainer, data.drop(columns="target")


def inputs_of(trainer: Trainer, data: pd.DataFrame) -> Any:
    """Rows of the inputs in their units: one-hot where the table has categories."""
    return read_rows(data, trainer.problem.inputs, trainer.problem.preprocessing)


def onnx_answers(trainer: Trainer, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    session = onnxruntime.InferenceSession(to_onnx(trainer))
    (only,) = session.get_inputs()
    kind = np.float32 if only.type == "tensor(float)" else np.float64
    return session.run(None, {only.name: rows.astype(kind)})[-1]


def code_answers(trainer: Trainer, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script(trainer), names)
    return names["predict"](rows).numpy()


def size_of_answers(trainer: Trainer) -> float:
    """The scale of what is answered, in its units."""
    problem = trainer.problem
    return 1.0 if problem.classes else float(problem.preprocessing.targets.scale[0])


def close(said: np.ndarray[Any, Any], trainer: Trainer, rows: Any) -> None:
    atol = TOLERANCE * size_of_answers(trainer)
    np.testing.assert_allclose(said, trainer.predict(rows), atol=atol, rtol=1e-6)


@pytest.mark.parametrize(
    ("more", "target", "size", "standardise", "module"),
    [
        ("eighteen columns", "twelve classes", 5000.0, True, "wide"),
        ("categories and gaps", "two classes", 5000.0, False, "none"),
        ("categories and gaps", "values", 1.7e9, True, "normalised"),
    ],
)
def test_onnx_and_the_weights_say_what_the_page_says(
    more: str, target: str, size: float, standardise: bool, module: str
) -> None:
    # Without standardisation 1.7e9 would leave nothing but rounding.
    trainer, data = train_on_table(
        target, size if standardise else 0.0, standardise=standardise, module=module, more=more
    )
    rows = inputs_of(trainer, data)
    np.testing.assert_array_equal(trainer.predict(rows), trainer.predict(data))
    if trainer.problem.preprocessing.input_type is np.float32:
        rows = rows.astype(np.float32)
    close(onnx_answers(trainer, rows), trainer, rows)

    packed = to_safetensors(trainer)
    state, copy = load(packed), trainer.model
    header = json.loads(packed[8 : 8 + int.from_bytes(packed[:8], "little")])["__metadata__"]
    written = json.loads(weights_to_json(trainer))
    assert {name: json.loads(header[name]) for name in ("inputs", "classes", "scaling")} == {
        name: written[name] for name in ("inputs", "classes", "scaling")
    }
    scaling = written["scaling"]
    copy.load_state_dict(state)
    filled = np.where(np.isnan(rows), scaling["inputs"].get("missing", np.nan), rows)
    given_rows = (filled - np.array(scaling["inputs"]["offset"])) / scaling["inputs"]["scale"]
    with torch.no_grad():
        outputs = copy.eval()(torch.tensor(given_rows, dtype=torch.float32)).double().numpy()
    if not trainer.problem.classes:
        close(outputs * scaling["values"]["scale"] + scaling["values"]["offset"], trainer, rows)


@pytest.mark.parametrize("more", MORE)
@settings(max_examples=2)
@given(
    target=st.sampled_from(["two classes", "three classes", "twelve classes", "values"]),
    size=st.sampled_from([0.0, 1.7e9]),
    standardise=st.booleans(),
    module=st.sampled_from(["none", "dense", "wide"]),
    tested=st.booleans(),
    problem=st.fixed_dictionaries(
        {"missing": st.sampled_from(["median", "drop rows"]), "stratify": st.booleans()}
    ),
    choices=st.fixed_dictionaries(
        {
            "loss": st.sampled_from(["cross-entropy", "hinge"]),
            "class_weights": st.sampled_from(CLASS_WEIGHTS),
            "optimiser": st.sampled_from([*OPTIMISERS]),
            "momentum": st.sampled_from([0, 0.5]),
            "beta1": st.sampled_from([0, 0.5]),
            "max_norm": st.sampled_from([None, 0.05]),
            "schedule": st.sampled_from(["constant", "plateau"]),
            "plateau_patience": st.just(0),
            "early_stopping": st.sampled_from([None, 1]),
        }
    ),
)
def test_a_script_learns_the_very_same(
    more: str,
    target: str,
    size: float,
    standardise: bool,
    module: str,
    tested: bool,
    problem: dict[str, Any],
    choices: dict[str, Any],
) -> None:
    trainer, data = train_on_table(
        target,
        size if standardise else 0.0,
        standardise=standardise,
        module=module,
        more=more,
        tested=tested,
        problem=problem,
        **choices,
    )
    if problem["missing"] == "drop rows":
        data = data.dropna()
    rows = inputs_of(trainer, data)
    said, expected = code_answers(trainer, rows), trainer.predict(rows)
    # Rounding grows while both learn.
    atol = 1e-4 * size_of_answers(trainer)
    np.testing.assert_allclose(said, expected, atol=atol, rtol=1e-5)


def test_two_logits_in_a_script_and_in_onnx() -> None:
    data = table("two classes", 5000.0)
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
    trainer = trainer_of(data, module)
    trainer.train(EPOCHS)
    rows = data[["a", "b"]].to_numpy(np.float32)
    np.testing.assert_allclose(code_answers(trainer, rows), trainer.predict(rows), atol=1e-4)
    close(onnx_answers(trainer, rows), trainer, rows)


def test_a_last_batch_of_one_joins_the_one_before_in_a_script_too() -> None:
    data = table("two classes", 5000.0)
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 1))
    # With Adam the rounding of gradients that are 0, of a bias before the normalisation, counts.
    trainer = trainer_of(data, module, batch_size=21, optimiser="SGD")
    assert len(trainer.problem.samples().train) == 2 * 21 + 1
    trainer.train(EPOCHS)
    rows = data[["a", "b"]].to_numpy()
    np.testing.assert_allclose(code_answers(trainer, rows), trainer.predict(rows), atol=1e-4)


def module_with_hook() -> nn.Module:
    module = nn.Sequential(nn.Linear(2, 40), nn.ReLU(), nn.Linear(40, 1))
    module[0].register_forward_hook(lambda _module, _inputs, outputs: 2 * outputs)
    return module


@pytest.mark.parametrize("make", [Residual, module_with_hook], ids=["residual", "hooked"])
def test_what_a_file_cannot_say_is_refused_before_there_is_one(
    make: Callable[[], nn.Module], tmp_path: Path
) -> None:
    page = OwnDataPage(table("two classes", 0.0), model=make())
    with pytest.raises(InputError, match=r"of your own|of its own"):
        script(page.trainer)
    with pytest.raises(InputError, match="another module of your own"):
        page.save(tmp_path / "page.html")
    assert [*tmp_path.iterdir()] == []
    text = report(page.trainer).markdown
    assert "A module of your own" in text
    assert "It began with the weights that the module came with" in text
    for untrue in ("dense network", "hidden layer", "drawn by the initialiser"):
        assert untrue not in text


def test_weights_beyond_plain_tensors_are_refused() -> None:
    class Remembering(nn.Linear):
        def get_extra_state(self) -> object:
            return {"seen": 1}

    with pytest.raises(InputError, match="_extra_state, a dict"):
        to_safetensors(Remembering(2, 1))


def test_first_weights_that_are_too_many_are_left_out_with_a_remark() -> None:
    module = nn.Sequential(nn.Linear(2, 900), nn.ReLU(), nn.Linear(900, 8), nn.Linear(8, 1))
    text = script(trainer_of(table("values", 0.0), module))
    assert "began with 9,917 weights of its own" in text
    assert "FIRST_WEIGHTS" not in text


def test_a_report_tells_the_units() -> None:
    trainer, data = train_on_table("values", 5000.0, standardise=True, module="none")
    text = report(trainer).markdown
    errors = trainer.frame().errors
    assert errors is not None
    for each in errors:
        assert trainer.problem.preprocessing.targets.format(each.mean_absolute) in text
    assert "given the inputs standardised" in text
    assert "were brought to -1 to 1" in text
    trainer.problem.standardise = False
    text = report(trainer).markdown
    assert "given the inputs as they are" in text
    assert "brought to" not in text
    assert data.columns[0] in text


@pytest.mark.ui
@pytest.mark.parametrize(
    ("standardise", "more"), [(True, "categories and gaps"), (False, "nothing")]
)
def test_a_snapshot_says_what_the_page_says(
    page: Page, tmp_path: Path, standardise: bool, more: str
) -> None:
    own, data = train_on_table("values", 5000.0, standardise=standardise, module="dense", more=more)
    own.problem.across, own.problem.up = "a", "b"
    if more != "nothing":
        own.problem.hold("colour", "red")
        own.problem.hold("c", 7)
    SnapshotPage(page, lab_snapshot(own), tmp_path)
    data = data.dropna()
    rows = inputs_of(own, data)
    said = page.evaluate(
        """rows => {
          const {inputs, values} = snapshot.data.scaling
          const columns = inputs.names.map((_, k) => Float32Array.from(
            rows, row => (row[k] - inputs.offset[k]) / inputs.scale[k]))
          const outputs = snapshot.network.predict(snapshot.state.weights, columns)[0]
          return [...outputs].map(output => output * values.scale + values.offset)
        }""",
        rows.tolist(),
    )
    expected = own.predict(rows)[:, 0]
    size = np.abs(own.problem.samples().train.y).max() * own.problem.preprocessing.targets.scale[0]
    np.testing.assert_allclose(said, expected, atol=TOLERANCE * size)
    plane, train = own.problem.plane, own.problem.samples().train
    axes = [*plane.axes]
    drawn = page.evaluate(
        "up => [...snapshot.plane.coordinates(snapshot.samples.train.x[up], up)]", axes[1]
    )
    np.testing.assert_allclose(drawn, plane.coordinates(train.x)[:, axes[1]], atol=1e-4)
    np.testing.assert_allclose(page.evaluate("snapshot.plane.pins"), plane.pins, atol=1e-6)
    means = page.evaluate("axes => axes.map(input => snapshot.units.place(input, 0))", axes)
    across, up = (float(each.replace(",", "")) for each in means)
    assert abs(across - data.a.mean()) < 3
    assert abs(up - data.b.mean()) < 50
