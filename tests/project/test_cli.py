"""`playground` on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from playground.cli.commands import app
from playground.cli.prediction_text import answer_line, digit_lines
from playground.cli.progress_bar import ProgressBar, pretraining_text
from playground.cli.text_graphics import bar, half_blocks
from playground.networks.pretrained.cards_table import model_table
from playground.prediction import DigitPrediction, extract_digits
from playground.pretraining import PretrainingProgress
from playground.runs import Store
from tests.support.data.sample_runs import make_run

SEVEN = [([0.3, 0.7, 0.45], [0.2, 0.2, 0.8])]


def run(*arguments: object) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error of a command."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    file = tmp_path / "seven.png"
    Image.fromarray(255 - extract_digits(SEVEN).found[0].pictures[0]).resize((140, 140)).save(file)
    return file


@pytest.mark.parametrize("model", ["cnn", "deep"])
def test_a_file_is_read_with_a_picture(seven: Path, model: str) -> None:
    code, out, _ = run("predict", seven, "--model", model)
    assert code == 0
    assert str(seven) in out
    assert "\n  7 (9" in out
    assert out.count("█") > 20
    seven_bar = next(line for line in out.splitlines() if "7 █" in line)
    assert float(seven_bar.rstrip("%").split()[-1]) > 90


def test_one_bad_file_does_not_keep_the_others_from_being_read(seven: Path, tmp_path: Path) -> None:
    text = tmp_path / "digit.png"
    text.write_text("seven")
    code, out, errors = run("predict", text, seven, tmp_path / "none.png")
    assert code == 1
    assert "\n  7 (" in out
    assert len(errors.splitlines()) == 2


def test_an_unknown_model_is_named(seven: Path) -> None:
    code, _, errors = run("predict", seven, "--model", "best")
    assert code == 1
    assert "no model “best”" in errors


def test_training_says_what_is_wrong(tmp_path: Path) -> None:
    code, _, errors = run("train", "digits", "--model", "resnet", "--out", tmp_path)
    assert code == 1
    assert "no recipe for “resnet”" in errors
    code, _, errors = run("train", "digits", "--model", "mlp", "--folder", tmp_path / "none")
    assert code == 1
    assert "no folder" in errors
    assert "%|" not in errors  # a bar of what has not begun


def test_cards_are_printed() -> None:
    assert run("cards") == (0, model_table() + "\n", "")


def test_half_blocks_have_two_pixels_each() -> None:
    picture = np.array([[0, 255, 0, 255], [0, 0, 255, 255]], np.uint8)
    assert half_blocks(picture) == [" ▀▄█"]


@pytest.mark.parametrize(
    ("share", "expected"), [(0, ""), (1, "████"), (0.5, "██"), (0.28125, "█▏"), (0.01, "")]
)
def test_a_bar_is_as_long_as_its_share(share: float, expected: str) -> None:
    assert bar(share, 4) == expected


def test_doubtful_predictions_are_marked() -> None:
    reading = DigitPrediction(np.zeros((28, 28), np.uint8), (0, 0, 1, 1), np.full(10, 0.1))
    assert answer_line(reading).startswith("Not a digit?")
    assert [line for line in digit_lines(reading) if "10.0%" in line][9].split()[0] == "9"


def test_the_app_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    server = Mock()
    monkeypatch.setattr("panel.serve", lambda app, **settings: asked.update(settings) or server)
    assert run("serve", "--port", 0, "--no-show")[0] == 0
    assert (asked["port"], asked["show"]) == (0, False)
    server.run_until_shutdown.assert_called_once_with()


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "playground", "--help"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("serve", "train", "predict"))


def test_progress_is_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(pretraining_text) as show:
        show(PretrainingProgress("rendering synthetic digits"))
        show(
            PretrainingProgress(
                "epoch 2 of 3", share=0.5, loss=0.25, rate=1234.5, seconds_left=61.0
            )
        )
    printed = capsys.readouterr().err
    assert " 50% |" in printed
    assert "epoch 2 of 3, loss 0.250, 1,234 pictures/s, 61 s left" in printed


def test_a_saved_run_becomes_a_tensorboard_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorboard")
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    kept = Store().save(make_run())
    status, written, _ = run("tensorboard", "--run", kept.id, "--out", tmp_path / "logs")
    assert status == 0
    assert Path(written.strip()).parent == tmp_path / "logs"
    assert list(Path(written.strip()).glob("events.out.tfevents.*"))
    status, _, errors = run("tensorboard", "--run", "nothing")
    assert status != 0
    assert "nothing" in errors
