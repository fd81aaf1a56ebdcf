"""Files out of kept runs, as the command line makes them."""

from __future__ import annotations

import json

import pytest
from safetensors.torch import load

from playground.errors import InputError
from playground.problems import Gates
from playground.runs import Store
from playground.terminal.export import WRITERS, kept, write
from tests.kept_runs import make_run, whole
from tests.learning import make_trainer


def test_a_run_is_found_by_its_id_and_by_its_file(tmp_path) -> None:
    store = Store(tmp_path)
    run = store.save(make_run())
    assert whole(kept(run.id, store)) == whole(run)
    (file,) = tmp_path.glob(f"{run.id}*")
    assert whole(kept(str(file))) == whole(run)


@pytest.mark.parametrize("named", ["nothing", "../x", "0" * 32, ""])
def test_what_is_no_run_is_said(named, tmp_path) -> None:
    with pytest.raises(InputError):
        kept(named, Store(tmp_path))


def test_a_file_that_is_no_run_is_said(tmp_path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"no run")
    with pytest.raises(InputError):
        kept(str(tmp_path / "x.safetensors"))


SIGNS = {
    ".py": b'"""Learn XOR',
    ".onnx": b"Playground",
    ".html": b"<!DOCTYPE html>",
    ".md": b"# A neural network learns XOR",
}


@pytest.mark.parametrize(
    ("kind", "ending"), [(kind, ending) for kind in WRITERS for ending in WRITERS[kind]]
)
def test_each_kind_in_each_format(kind, ending, tmp_path) -> None:
    trainer = make_trainer(Gates(gate="XOR"))
    path = write(kind, trainer, tmp_path / f"out{ending}")
    content = path.read_bytes()
    if ending == ".json":
        assert json.loads(content)["weights"].keys() == trainer.model.state_dict().keys()
    elif ending == ".safetensors":
        assert load(content).keys() == trainer.model.state_dict().keys()
    else:
        assert SIGNS[ending] in content


def test_the_usual_name_and_further_kinds(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(write("code", make_trainer())) == "code.py"
    more = {"snapshot": {".html": lambda _subject: b"page"}}
    assert write("snapshot", make_trainer(), more=more).read_bytes() == b"page"


def test_what_cannot_be_written_is_said(tmp_path) -> None:
    trainer = make_trainer()
    with pytest.raises(InputError, match="no export 'film'; there are code, onnx"):
        write("film", trainer)
    with pytest.raises(InputError, match=r"out\.txt should end in \.html or \.md"):
        write("report", trainer, tmp_path / "out.txt")
    with pytest.raises(InputError, match="can't be written"):
        write("code", trainer, tmp_path / "nowhere" / "out.py")
