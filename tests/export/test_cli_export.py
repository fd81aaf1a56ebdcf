"""Files out of kept runs, as the command line makes them."""

from __future__ import annotations

import json

import pytest
from safetensors.torch import load

from playground.cli.export_run import EXPORTERS, find_run, write_export
from playground.errors import InputError
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
    [(kind, ending) for kind in EXPORTERS if kind != "onnx" for ending in EXPORTERS[kind]],
)
def test_each_kind_in_each_format(kind, ending, tmp_path) -> None:
    """But ONNX: see test_export_onnx.py."""
    trainer = make_trainer(Gates(gate="XOR"))
    path = write_export(kind, trainer, tmp_path / f"out{ending}")
    content = path.read_bytes()
    if ending == ".json":
        assert json.loads(content)["weights"].keys() == trainer.model.state_dict().keys()
    elif ending == ".safetensors":
        assert load(content).keys() == trainer.model.state_dict().keys()
    else:
        assert SIGNS[ending] in content


def test_the_default_name_and_further_kinds(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(write_export("code", make_trainer())) == "code.py"
    more_exporters = {"snapshot": {".html": lambda _subject: b"page"}}
    assert (
        write_export("snapshot", make_trainer(), more_exporters=more_exporters).read_bytes()
        == b"page"
    )


def test_what_cannot_be_written_is_an_error(tmp_path) -> None:
    trainer = make_trainer()
    with pytest.raises(InputError, match="no export 'film'; there are code, onnx"):
        write_export("film", trainer)
    with pytest.raises(InputError, match=r"out\.txt should end in \.html or \.md"):
        write_export("report", trainer, tmp_path / "out.txt")
    with pytest.raises(InputError, match="can't be written"):
        write_export("code", trainer, tmp_path / "nowhere" / "out.py")
