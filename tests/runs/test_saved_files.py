"""What earlier versions have saved still opens, and goes on from where it was.

`saved_files` holds what the code of commit 02ae6b6 has written: runs, work that saved itself,
links, corrections, tables of points, and what came of all these then. None of it may be made
anew with newer code: people have such files. Going on from a run is compared to the bit where
processor and PyTorch are those of then, and closely elsewhere.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import playground
from playground.cli import app
from playground.problems.tables.table_problem import TableProblem
from playground.torch_internals import kernels
from tests.support.data.saved_work import (
    FOLDER,
    PAGES,
    announce_tab,
    apply_link,
    apply_settings,
    card_values,
    checkpoint_summary,
    continue_training,
    copy_datasets,
    correction_summaries,
    defaults,
    first_steps,
    frame_summary,
    hideable_names,
    import_run,
    link_parts,
    list_runs,
    make_page,
    notice_html,
    open_autosave,
    open_link,
    open_run,
    page_in_app,
    parameter_count,
    platform_fingerprint,
    query_of,
    read_table,
    restore_defaults,
    steps_per_epoch,
    stroke_predictions,
    values,
)

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

CLOSE, NEAR = 1e-5, 2e-3
"""How far numbers may be off on another machine: at once, and after further steps."""
ROUGH = 0.02
"""How far they may be off where a table's scale is another one."""


@cache
def expected(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def assert_alike(found: Any, wanted: Any, tolerance: float, where: str = "") -> None:
    """Compare what JSON can hold: numbers with a point within a tolerance, all else exactly."""
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys(), where
        for name, each in wanted.items():
            assert_alike(found[name], each, tolerance, f"{where}.{name}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), where
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            assert_alike(one, other, tolerance, f"{where}[{index}]")
    elif isinstance(wanted, float):
        alike = math.isclose(found, wanted, rel_tol=tolerance, abs_tol=tolerance)
        nothing = math.isnan(found) and math.isnan(wanted)
        assert alike or nothing, f"{where} is {found!r}, and was {wanted!r}"
    else:
        assert found == wanted, where


def exactly_or(tolerance: float) -> float:
    """No tolerance on the machine where the files were made."""
    return 0.0 if platform_fingerprint() == expected("runs")["machine"] else tolerance


def some(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Leave out what there was not yet."""
    return {name: found.get(name) for name in wanted}


def assert_chosen(page: Any, chosen: dict[str, Any]) -> None:
    """See that this is chosen on a page, and all else that there was then is as usual."""
    if page.title in PAGES:
        settings = expected("settings")["pages"][page.title]
        chosen = {name: each["usual"] for name, each in settings.items()} | chosen
    assert some(values(page), chosen) == chosen


@pytest.fixture(autouse=True, scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give a home in which nobody has saved anything, and few pictures to learn from.

    Convolutions are computed in single precision, as where the files were made: bfloat16, with its
    three digits, leads elsewhere within twenty steps.
    """
    folder = tmp_path_factory.mktemp("home")
    copy_datasets(FOLDER / "pictures", folder / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_DATA", str(folder / "pictures"))
        patch.setenv("PLAYGROUND_RUNS", str(folder / "runs"))
        for kind in ("CACHE", "DATA"):
            patch.setenv(f"XDG_{kind}_HOME", str(folder / kind))
        patch.setattr(kernels, "supports_bfloat16", lambda: False)
        yield


@pytest.fixture(scope="module")
def page_of() -> Callable[[str], Any]:
    """Return a function that gives the page of a title, the same to all: pages take long."""
    return cache(make_page)


# Runs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", expected("runs")["runs"])
def test_a_run_is_as_it_was_and_goes_on_from_there(
    name: str, page_of: Callable[[str], Any], tmp_path: Path
) -> None:
    wanted = expected("runs")["runs"][name]
    there = page_of(wanted["listed"]["page"])
    open_run(there, import_run(FOLDER / "runs" / f"{name}.safetensors", tmp_path))
    assert notice_html(there) == ""
    assert_chosen(there, wanted["chosen"])
    # Today a table is standardised by its training rows; then it was by all rows.
    other_scale = name == "your-data"
    close, near = (ROUGH if other_scale else exactly_or(each) for each in (CLOSE, NEAR))
    assert_alike(frame_summary(there), wanted["now"], close)
    for index, then in wanted["then"].items():
        assert_alike(checkpoint_summary(there, int(index)), then, close, f"moment {index}")
    later, branched = continue_training(there)
    assert_alike(later, wanted["later"], near)
    assert_alike(branched, wanted["branched"], near)


def test_a_folder_of_runs_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {name: each["listed"] for name, each in expected("runs")["runs"].items()}
    for name, each in wanted.items():
        file = FOLDER / "runs" / f"{name}.safetensors"
        shutil.copyfile(file, tmp_path / f"{each['id']}.safetensors")
    found = {each["id"]: each for each in list_runs(tmp_path)}
    assert_alike(found, {each["id"]: each for each in wanted.values()}, 0.0)
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    result = CliRunner().invoke(app, ["runs"])
    assert result.exit_code == 0
    for each in wanted.values():
        assert each["name"] in result.stdout


def test_the_weights_of_a_run_are_exported(tmp_path: Path) -> None:
    file, out = FOLDER / "runs" / "gates-xor.safetensors", tmp_path / "weights.json"
    result = CliRunner().invoke(app, ["export", "weights", "--run", str(file), "--out", str(out)])
    assert result.exit_code == 0, result.stderr
    # Since then the file also says what the inputs mean.
    assert json.loads(out.read_text()).items() >= expected("runs")["weights of gates-xor"].items()


# Work that saved itself ---------------------------------------------------------------------------


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of runs in which work has saved itself."""
    shutil.copytree(FOLDER / "autosaves", tmp_path / "autosaves", copy_function=shutil.copyfile)
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("title", expected("autosaves")["pages"])
def test_work_that_saved_itself_is_found(
    title: str, page_of: Callable[[str], Any], runs: Path
) -> None:
    wanted, there = expected("autosaves")["pages"][title], page_of(title)
    run = open_autosave(runs, expected("autosaves")["tab"], title)
    assert run is not None
    open_run(there, run)
    assert_chosen(there, wanted["chosen"])
    assert_alike(frame_summary(there), wanted["now"], exactly_or(CLOSE))
    assert_alike(continue_training(there)[0], wanted["later"], exactly_or(NEAR))


@pytest.mark.usefixtures("runs")
def test_a_page_that_is_reloaded_brings_it_back() -> None:
    there = make_page("Gates")
    announce_tab(there, expected("autosaves")["tab"], reloaded=True)
    assert "Your work was restored" in notice_html(there)
    assert_alike(
        frame_summary(there), expected("autosaves")["pages"]["Gates"]["now"], exactly_or(CLOSE)
    )


# Links --------------------------------------------------------------------------------------------


def link_settings(name: str) -> dict[str, Any]:
    return expected("links")["links"][name]


@pytest.mark.parametrize("name", expected("links")["links"])
def test_a_link_still_asks_for_the_same(name: str, page_of: Callable[[str], Any]) -> None:
    wanted = link_settings(name)
    there = page_of(wanted["page"])
    assert link_parts(wanted["query"]) == wanted["parts"]
    assert apply_link(there, wanted["query"]) == ()
    assert {*wanted["parts"]["hidden"]} <= hideable_names(there)
    assert_chosen(there, wanted["chosen"])
    first, later = first_steps(there)
    assert_alike(first, wanted["answers"], CLOSE)
    assert_alike(later, wanted["answers after three steps"], NEAR)


@pytest.mark.parametrize("name", ["gates-everything", "points-own-named"])
def test_a_link_is_written_as_before(name: str) -> None:
    there = make_page(link_settings(name)["page"])
    open_link(there, link_settings(name)["query"])
    assert notice_html(there) == ""
    assert_chosen(there, link_settings(name)["chosen"])
    assert sorted(query_of(there).split("&")) == sorted(link_settings(name)["query"].split("&"))


def test_a_link_to_the_app_opens_the_right_page() -> None:
    wanted = link_settings("points-app")
    there = page_in_app(wanted["query"])
    assert there.title == "Points"
    assert some(values(there), wanted["chosen"]) == wanted["chosen"]


def test_a_link_with_too_many_points_says_so(page_of: Callable[[str], Any]) -> None:
    there = page_of("Points")
    (sentence,) = apply_link(there, expected("links")["too many points"])
    assert "1001" in sentence
    assert there.shape == "circle"


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", PAGES)
def test_settings_keep_their_names_and_usual_values(
    title: str, page_of: Callable[[str], Any]
) -> None:
    there, settings = page_of(title), expected("settings")["pages"][title]
    wanted = {name: each["usual"] for name, each in settings.items()}
    if title == "Digits":
        wanted["corpus"] = "KMNIST"  # what the tests' page begins with
    assert some(defaults(there), wanted) == wanted
    restore_defaults(there)
    for name, value in wanted.items():
        found = getattr(there, name)
        assert (list(found) if isinstance(found, tuple) else found) == value, name
    assert {*expected("settings")["can be hidden"][title]} <= hideable_names(there)


@pytest.mark.parametrize("title", PAGES)
def test_whatever_could_be_chosen_still_can(title: str, page_of: Callable[[str], Any]) -> None:
    there = page_of(title)
    if title == "Gates":
        apply_settings(there, {"inputs_count": 4})
    for name, each in expected("settings")["pages"][title].items():
        for offered in each.get("offered", ()):
            # MNIST might have to be downloaded, and a network of one's own has no trained weights.
            if offered not in ("MNIST", "Trained weights"):
                assert apply_settings(there, {name: offered}) == ()
                assert values(there)[name] == offered
    restore_defaults(there)


@pytest.mark.parametrize("name", ["gates-everything", "points-everything"])
def test_a_page_is_made_with_the_same_names(name: str) -> None:
    chosen = {key: each for key, each in link_settings(name)["chosen"].items() if key != "table"}
    there = getattr(playground, link_settings(name)["page"])(**chosen)
    assert some(values(there), chosen) == chosen


# What else people have ----------------------------------------------------------------------------


def test_scripts_of_then_find_the_names_that_they_import() -> None:
    names = {
        "export.code": ["script"],
        "export.onnx": ["onnx_of"],
        "export.report": ["report"],
        "networks.architecture": ["Architecture"],
        "problems": ["Gates", "Points"],
        "problems.point_set": ["PointSet"],
        "problems.table": ["columns", "read_points", "write_points"],
        "training.edits": ["Freeze", "FreezeLayer", "Place", "SetValue"],
        "training.trainer": ["Trainer"],
        "training.training": ["Training"],
    }
    for module, wanted in names.items():
        found = vars(import_module(f"playground.{module}"))
        assert {*wanted} <= found.keys(), module
    problem = TableProblem({"a": [1.0, 2.0], "y": [0, 1]})
    assert problem.given is problem.data


def test_corrections_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "playground").mkdir()
    shutil.copyfile(FOLDER / "corrections.npz", tmp_path / "playground" / "corrections.npz")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    wanted, there = expected("corrections"), make_page("Digits")
    assert correction_summaries(there) == wanted["corrections"]
    there.batch_size = 4
    assert steps_per_epoch(there) == wanted["batches of four in an epoch"]


@pytest.mark.parametrize("name", expected("tables"))
def test_a_table_of_points_comes_back_unchanged(name: str) -> None:
    wanted = expected("tables")[name]
    assert read_table(FOLDER / f"{name}.csv", "label" if wanted["names"] else "value") == wanted


@pytest.mark.parametrize("name", expected("cards"))
def test_a_shipped_reader_is_as_its_card_says(name: str) -> None:
    wanted = expected("cards")[name]
    assert card_values(name, [*wanted["card"]]) == wanted["card"]
    assert parameter_count(name) == wanted["card"]["parameters"]
    assert_alike(stroke_predictions(name), wanted["answers"], 1e-4)
