"""Files out of kept runs, as the command line makes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.torch import load

from playground.cli.export_run import find_run, list_exports, write_export
from playground.errors import InputError
from playground.export.formats import EXPORTS
from playground.problems import Gates
from playground.runs import Store
from tests.support.data.sample_runs import make_run, run_fields
from tests.support.training.dense_training import make_trainer


def test_a_run_is_found_by_its_id_and_by_its_file(tmp_path) -> None:
    store = Store(tmp_path)
    run = store.save(make_run())
    assert run_fields(find_run(run.id, store)) == run_fields(run)
    (file,) = tmp_path.glob(f"{run.id}*")
    assert run_fields(find_run(str(file))) == run_fields(run)


@pytest.mark.parametrize("named", ["nothing", "../x", "0" * 32, ""])
def test_an_unknown_run_is_an_error(named, tmp_path) -> None:
    with pytest.raises(InputError):
        find_run(named, Store(tmp_path))


def test_a_file_that_is_no_run_is_an_error(tmp_path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"no run")
    with pytest.raises(InputError):
        find_run(str(tmp_path / "x.safetensors"))


SIGNS = {
    ".py": b'"""Learn XOR',
    ".html": b"<!DOCTYPE html>",
    ".md": b"# A neural network learns XOR",
}


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        (kind, each.suffix)
        for kind, export in EXPORTS.items()
        if kind not in ("onnx", "table")
        for each in export.formats
    ],
)
def test_each_kind_in_each_format(kind, ending, tmp_path) -> None:
    """But ONNX and tables of sweeps: see test_export_onnx.py and test_compare_page.py."""
    trainer = make_trainer(Gates(gate="XOR"))
    path = write_export(kind, trainer, tmp_path / f"out{ending}")
    content = path.read_bytes()
    if ending == ".json":
        assert json.loads(content)["weights"].keys() == trainer.model.state_dict().keys()
    elif ending == ".safetensors":
        assert load(content).keys() == trainer.model.state_dict().keys()
    else:
        assert SIGNS[ending] in content


def test_the_default_name_and_the_snapshot_of_a_page(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    trainer = make_trainer()
    assert str(write_export("code", trainer)) == "code.py"
    assert write_export("snapshot", trainer, snapshot=lambda: b"page").read_bytes() == b"page"
    listed = [line.split()[0] for line in list_exports(trainer, lambda: b"page")]
    assert listed == ["snapshot", "code", "report", "weights", "onnx"]
    manual = (Path(__file__).parents[2] / "docs" / "using.md").read_text()
    assert all(f"`{kind}`" in manual for kind in EXPORTS)


def test_what_cannot_be_written_is_an_error(tmp_path) -> None:
    trainer = make_trainer()
    with pytest.raises(InputError, match="no export 'table' of this; there are code, report"):
        write_export("table", trainer)
    with pytest.raises(InputError, match=r"out\.txt should end in \.html or \.md"):
        write_export("report", trainer, tmp_path / "out.txt")
    with pytest.raises(InputError, match="can't be written"):
        write_export("code", trainer, tmp_path / "nowhere" / "out.py")
