"""Curves as TensorBoard reads them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from playground.errors import InputError
from playground.runs import Run
from playground.runs.tensorboard import write_scalars
from tests.support.data.sample_runs import make_run


def test_tensorboard_reads_what_was_written(tmp_path: Path) -> None:
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    run = make_run("../../Ein <Lauf>")
    log_dir = write_scalars(run, tmp_path)
    assert log_dir.parent == tmp_path
    log = reader.EventAccumulator(str(log_dir)).Reload()
    losses = log.Scalars("loss/train")
    np.testing.assert_array_equal([each.value for each in losses], run.curves.train_loss)
    assert [each.step for each in losses] == [0, 25, 50]
    assert [each.value for each in log.Scalars("epoch")] == [0, 1, 2]
    assert "accuracy/train" in log.Tags()["scalars"]
    assert "loss/test" not in log.Tags()["scalars"], "there were no test samples"
    (text,) = log.Tensors("settings/text_summary")
    assert '"gate": "XOR"' in text.tensor_proto.string_val[0].decode()


def test_each_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    twins: list[Run] = [make_run("🙂"), make_run("🙂")]
    assert len({write_scalars(run, tmp_path) for run in twins}) == 2


def test_without_tensorboard_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ImportError):
        importlib.import_module("torch.utils.tensorboard")
    with pytest.raises(InputError, match="pip install tensorboard"):
        write_scalars(make_run(), tmp_path)
    assert list(tmp_path.iterdir()) == []
