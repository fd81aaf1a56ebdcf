"""Whatever leaves a page of own data, or of an own module, says what the page says."""

from __future__ import annotations

import contextlib
import io
import json
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from safetensors.torch import load
from scipy.special import softmax
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.code import script
from playground.export.report import report
from playground.export.snapshot import lab_snapshot
from playground.export.weight_files import to_safetensors, weights_to_json
from playground.pages.own_data import OwnDataPage
from playground.training.core.class_weights import CLASS_WEIGHTS
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.trainer import Trainer
from tests.support.browser.snapshot_page import SnapshotPage
from tests.support.training.table_trainers import (
    EPOCHS,
    EXPORTED,
    MORE,
    TOLERANCE,
    check_answers,
    exported_table,
    inputs_of,
    size_of_answers,
    table,
    train_on_table,
    trainer_of,
)

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


class Residual(nn.Module):
    """A module that is no sequence of layers."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.last = nn.Linear(2, 2), nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(x + torch.tanh(self.inner(x)))


def code_answers(trainer: Trainer, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script(trainer), names)
    return names["predict"](rows).numpy()


@pytest.mark.parametrize("case", EXPORTED)
def test_the_weights_say_what_the_page_says(case: tuple[str, str, float, bool, str]) -> None:
    trainer, rows = exported_table(*case)
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
    if trainer.problem.classes:
        both = np.hstack([np.zeros_like(outputs), outputs]) if outputs.shape[1] == 1 else outputs
        check_answers(softmax(both, axis=1), trainer, rows)
    else:
        values = outputs * scaling["values"]["scale"] + scaling["values"]["offset"]
        check_answers(values, trainer, rows)


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


def test_a_module_that_draws_at_random_has_a_script() -> None:
    """What it computes is compared with the same random numbers."""
    module = nn.Sequential(nn.Linear(2, 8), nn.LayerNorm(8), nn.Dropout(0.5), nn.Linear(8, 1))
    before = torch.get_rng_state()
    text = script(trainer_of(table("two classes", 0.0), module))
    assert "nn.Dropout(" in text
    assert "What layers draw at random, as dropout does, differs from the page" in text
    assert torch.equal(torch.get_rng_state(), before)


def test_a_script_learns_as_the_module_does() -> None:
    """Two logits, what is not trained, layers in evaluation mode, statistics of their own."""
    torch.manual_seed(0)
    module = nn.Sequential(
        OrderedDict(
            first=nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8, momentum=np.float64(0.2))),
            split=nn.Unflatten(1, (2, 4)),
            norm=nn.LayerNorm((2, 4)),
            flat=nn.Flatten(),
            again=nn.BatchNorm1d(8),
            drop=nn.Dropout(0.5),
            last=nn.Linear(8, 2),
        )
    )
    module.get_buffer("again.running_mean").add_(3)
    module.get_submodule("first.1").eval()
    module.get_submodule("drop").eval()
    module.get_parameter("first.0.weight").requires_grad_(False)
    # With Adam the rounding of gradients that are 0, of a bias before the normalisation, counts.
    data = table("two classes", 5000.0)
    trainer = trainer_of(data, module, batch_size=21, optimiser="SGD", l2=0.1)
    assert len(trainer.problem.samples().train) == 2 * 21 + 1  # the last one joins a batch
    trainer.train(EPOCHS)
    rows = data[["a", "b"]].to_numpy()
    np.testing.assert_allclose(code_answers(trainer, rows), trainer.predict(rows), atol=1e-4)


def shared(module: nn.Sequential) -> None:
    module.append(module[0])


def scaled(module: nn.Sequential) -> None:
    module[0].weight.register_hook(lambda gradient: gradient / 10)


def passed_on(module: nn.Sequential) -> None:
    module[1].register_full_backward_hook(lambda _module, gradients, _outputs: gradients)


@pytest.mark.parametrize("change", [shared, scaled, passed_on])
def test_what_learns_otherwise_than_its_layers_has_no_script(
    change: Callable[[nn.Sequential], None],
) -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    change(module)
    module.append(nn.Linear(2, 1))
    with pytest.raises(InputError, match="its code is with you"):
        script(trainer_of(table("two classes", 0.0), module))


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
