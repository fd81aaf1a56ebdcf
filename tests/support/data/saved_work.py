"""Ways into pages, runs and links for the tests of files that earlier versions saved.

All names of the package that may change stand here.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch

import playground
from playground.networks import pretrained
from playground.pages.app import App
from playground.pages.links.link import Link, parse_link
from playground.problems.tables.csv.points_csv import read_points
from playground.runs import Autosaves, Run, Store
from tests.support.servers.server import ROOT

FOLDER = ROOT / "tests" / "runs" / "saved_files"
PAGES = ("Gates", "Points", "Digits")
EXTRA_STEPS = 20
"""Steps taken after a run was opened."""
STROKES = {
    "seven": [([0.25, 0.75, 0.45], [0.2, 0.2, 0.8])],
    "cross": [([0.2, 0.8], [0.5, 0.5]), ([0.5, 0.5], [0.2, 0.8])],
}

Predictions = list[list[float]]
Summary = dict[str, Any]
"""What JSON can hold."""


# Pages --------------------------------------------------------------------------------------------


def copy_datasets(pictures: Path, folder: Path) -> None:
    """Put the few pictures where two sets of pictures are looked for."""
    for kin in ("KMNIST", "FashionMNIST"):
        shutil.copytree(pictures, folder / kin / "raw", copy_function=shutil.copyfile)


def rows_and_classes() -> tuple[np.ndarray, np.ndarray]:
    """Forty rows of three numbers and what they are, for the page about data of one's own."""
    steps = np.arange(40)[:, None] * np.array([37, 53, 71]) % 101
    x = (steps / 25 - 2).astype(np.float32)
    return x, (x[:, 0] * x[:, 1] > x[:, 2] / 2).astype(np.int64)


def make_page(title: str) -> Any:
    """Make the page where a run of that title was made, as usual otherwise."""
    if title == "Digits":
        page = playground.Digits(corpus="KMNIST")  # MNIST might have to be downloaded
        page.trainer.threads = 1
        return page
    if title == "Your data":
        return playground.Points(data=rows_and_classes())
    return getattr(playground, title)()


def values(page: Any) -> Summary:
    """Everything that is chosen, by its public name."""
    return through_json(page.settings.values())


def defaults(page: Any) -> Summary:
    """What was chosen at the beginning."""
    return through_json(page.settings.defaults)


def apply_settings(page: Any, chosen: Summary) -> tuple[str, ...]:
    """Choose, and return what the page has to say about it."""
    return page.settings.apply(chosen)


def hideable_names(page: Any) -> set[str]:
    """Names that `hide=` in a link knows."""
    return {*page.hideable}


def notice_html(page: Any) -> str:
    """What the page has to say about what was opened, as HTML."""
    (line,) = page.__panel__().select(lambda each: each.css_classes == ["pg-notice"])
    return str(line[0].object) if line.visible else ""


# Links --------------------------------------------------------------------------------------------


def link_parts(query: str) -> Summary:
    """What there is in a link besides settings."""
    link = parse_link(query)
    return {"page": link.page, "hidden": list(link.hidden), "embedded": link.embedded}


def restore_defaults(page: Any) -> None:
    """Choose what was chosen at the beginning."""
    apply_settings(page, page.settings.defaults)
    apply_settings(page, page.settings.defaults)  # To take up another brush shows the test points.


def open_link(page: Any, query: str) -> None:
    """Have a new page be as a link asks, and remember the link."""
    page.open(parse_link(query))


def apply_link(page: Any, query: str) -> tuple[str, ...]:
    """Have a page be as a link asks, whatever it was before; return what it says about it."""
    restore_defaults(page)
    return page.settings.apply_all(parse_link(query).values)


def query_of(page: Any) -> str:
    """What the address bar says."""
    page.write_address()
    (bar,) = page.__panel__().select(lambda each: type(each).__name__ == "AddressBar")
    return str(bar.query or "")


def page_in_app(query: str) -> Any:
    """Open the app by a link, and give the page that it shows."""
    app = App.from_link(parse_link(query))
    return app._built[app.page]


# Runs ---------------------------------------------------------------------------------------------


def import_run(file: Path, folder: Path) -> Run:
    """Take in the file of a run that somebody has sent, and read it."""
    store = Store(folder)
    return store.open(store.import_run(file.read_bytes(), file.name).id)


def open_run(page: Any, run: Run) -> None:
    """Have a page go on with a run, as a click on “Open” does."""
    done, refused = [], []
    restore_defaults(page)
    page.run_session.resume_run(run, lambda: done.append(run), refused.append)
    assert (done, refused) == ([run], [])


def list_runs(folder: Path) -> list[Summary]:
    """What is known of all runs in a folder without opening them."""
    return [_run_values(each) for each in Store(folder).list()]


def _run_values(run: Any) -> Summary:
    return {
        "id": run.id,
        "name": run.name,
        "page": run.page,
        "created": run.created.isoformat(),
        "epoch": run.summary.epoch,
        "steps": run.summary.step,
        "scores": [score_values(run.summary.train), score_values(run.summary.test)],
        "parameters": run.summary.parameters,
        "rows": len(run.curves.train_loss),
        "picture": len(run.thumbnail),
    }


def open_autosave(folder: Path, tab: str, title: str) -> Run | None:
    """Read what a tab of the browser has saved by itself on a page."""
    return Autosaves(folder).open(tab, title)


def announce_tab(page: Any, tab: str, *, reloaded: bool) -> None:
    """Have a page know its tab, as the browser does."""
    if reloaded:
        page.open(Link(from_other_page=True))
    page._persistence.tab._handle_msg({"tab": tab, "reloaded": reloaded})


# What there is to be seen -------------------------------------------------------------------------


def through_json(value: object) -> Any:
    """Send it through JSON."""
    return json.loads(json.dumps(value))


def probe_inputs(page: Any) -> np.ndarray:
    """What networks are asked here: places, rows of switches, or pictures."""
    if page.title == "Digits":
        content = (FOLDER / "pictures" / "t10k-images-idx3-ubyte").read_bytes()
        return np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28).copy()
    if page.title == "Gates":
        return np.array([*product((0, 1), repeat=page.inputs_count)][:8], np.float32)
    places = [[0, 0, 1], [1.5, -2, 0.5], [-3, 4, -1], [5, 5, 0], [-0.7, 0.2, 2]]
    return np.array(places, np.float32)[:, : 3 if page.title == "Your data" else 2]


def predictions(page: Any) -> Predictions:
    """What the network answers to them."""
    ask = page.trainer.predict if page.title == "Digits" else page.predict
    return [shortest_floats(row) for row in ask(probe_inputs(page))]


def shortest_floats(numbers: Iterable[float]) -> list[float]:
    """Numbers of single precision with as few digits as tell them apart."""
    return [float(str(np.float32(each))) for each in numbers]


def score_values(score: Any) -> list[float]:
    """A loss and an accuracy."""
    return shortest_floats((score.loss, score.accuracy))


def progress_summary(page: Any) -> Summary:
    """How far a network has come, and what it answers."""
    frame = page.trainer.frame()
    # Of the last finished epoch; the frame also tells how far it is in the middle of one.
    (train, test), curves = page.trainer.scores, page.trainer.history
    columns = (
        curves.epoch,
        curves.train_loss,
        curves.test_loss,
        curves.train_accuracy,
        curves.test_accuracy,
    )
    return {
        "epoch": frame.epoch,
        "steps": frame.step,
        "train": score_values(train),
        "test": score_values(test),
        "moments": len(page.trainer.checkpoints.infos),
        "rows of curves": len(curves.epoch),
        "last row": shortest_floats(column[-1] for column in columns),
        "answers": predictions(page),
    }


def frame_summary(page: Any) -> Summary:
    """What there is to be seen of a network and of how it has learned."""
    frame, moments = page.trainer.frame(), page.trainer.checkpoints.infos
    found = {
        **progress_summary(page),
        "rate": float(frame.rate),
        "learned": frame.learned_epoch,
        "notes": [note.kind for note in frame.notes],
        "confusion": [int(frame.confusion.trace()), int(frame.confusion.sum())],
        "from to": [float(moments[0].epoch), float(moments[-1].epoch)],
    }
    if page.title == "Digits":
        left = {
            "progress": frame.progress,
            "examining": frame.evaluating,
            "tested": frame.tested_count,
        }
        return {**found, **left, "mistakes": len(frame.mistakes.labels)}
    frozen = [int(layer.frozen.sum()) for layer in frame.layers]
    return {**found, "since": frame.samples_since, "frozen": frozen}


def checkpoint_summary(page: Any, index: int) -> Summary:
    """What there is to be seen of a moment of the past."""
    frame, weights = page.trainer.frame_at(index), page.trainer.weights_at(index)
    return {
        "epoch": frame.epoch,
        "losses": shortest_floats((frame.train.loss, frame.test.loss)),
        "weights": [*weights],
        "sizes": shortest_floats(np.abs(each).sum() for each in weights.values()),
    }


def continue_training(page: Any) -> tuple[Summary, Summary]:
    """How far it is after some steps more, and then back at the second moment."""
    page.trainer.advance(steps=EXTRA_STEPS)
    later = progress_summary(page)
    page.trainer.branch(1)
    return later, progress_summary(page)


def first_steps(page: Any) -> tuple[Predictions, Predictions]:
    """What a network with new weights answers first, and what after three steps."""
    torch.manual_seed(0)  # PyTorch's own dropout draws from what all share.
    page.trainer.reset()
    first = predictions(page)
    page.trainer.advance(steps=3)
    return first[:3], predictions(page)[:3]


def platform_fingerprint() -> dict[str, str]:
    """All that decides on the last bit of a number."""
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    model = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return {
        "torch": torch.__version__,
        "capability": torch.backends.cpu.get_cpu_capability(),
        "processor": model[0] if model else platform.processor(),
        "system": platform.system(),
    }


# Corrections, tables, readers ---------------------------------------------------------------------


def correction_summaries(page: Any) -> list[Summary]:
    """What is known of the corrections that a page has found."""
    places = np.arange(28 * 28).reshape(28, 28)
    return [
        {
            "label": each.label,
            "meaning": each.class_name,
            "when": each.when,
            "ink": [int(each.picture.sum()), int((each.picture * places).sum())],
        }
        for each in page.trainer.corrections.items
    ]


def steps_per_epoch(page: Any) -> int:
    """How many batches there are to learn from, corrections included."""
    page.trainer.frame()
    return page.trainer.steps_per_epoch


def read_table(file: Path, last: str) -> Summary:
    """All there is in a table of points; `last` is its column of classes or values."""
    points = read_points(file.read_bytes(), "x", "y", last)
    columns = {"x": points.x, "y": points.y, "share": points.split_key}
    return {
        **{name: column.tolist() for name, column in columns.items()},
        "names": list(points.names),
    }


def card_values(name: str, keys: list[str]) -> Summary:
    """What the card of a shipped reader says."""
    card = pretrained.model_card(name)
    return through_json({key: getattr(card, key) for key in keys})


def parameter_count(name: str) -> int:
    """How many weights a shipped reader has, once it is loaded and its checksum is right."""
    assert name in pretrained.names()
    return sum(each.numel() for each in pretrained.load(name).parameters())


def stroke_predictions(name: str) -> dict[str, list[float]]:
    """What a shipped reader makes of a few drawings."""
    return {what: playground.predict(each, name).tolist() for what, each in STROKES.items()}
