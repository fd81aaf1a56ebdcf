"""Runs to keep, made up: small ones, and arbitrary ones."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from playground.errors import InputError
from playground.runs import PAGES, Run, RunSummary, clean_name
from playground.training.core.metrics import Curves, Score
from playground.training.core.state.state import State

KINDS = (torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool, torch.bfloat16)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=8), JSON, max_size=4)


def picture(side: int = 4) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(file, "PNG")
    return file.getvalue()


def curves(rows: int = 3) -> Curves:
    falling = np.linspace(1, 0.1, rows, dtype=np.float32)
    nothing = np.full(rows, np.nan, np.float32)
    return Curves(np.arange(rows, dtype=np.float32), falling, nothing, 1 - falling, nothing)


def make_run(name: str = "A run", **given: Any) -> Run:
    """A small run with everything in it, or with what is given instead."""
    usual: dict[str, Any] = {
        "page": "Gates",
        "settings": {"gate": "XOR", "hidden": [4], "learning_rate": 0.1},
        "curves": curves(),
        "summary": RunSummary(2.0, 50, Score(0.1, 0.9), Score(float("nan"), float("nan")), 17),
        "thumbnail": picture(),
        "state": State({"epoch": 2}, {"0.weight": torch.arange(6.0).reshape(2, 3)}),
        "extra": {"points": "x,y\n1,2"},
    }
    return Run(name=name, **(usual | given))


def is_clean_name(name: str) -> bool:
    try:
        return clean_name(name) == name
    except InputError:
        return False


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    """Any bytes as numbers of any kind and shape: infinities and every NaN are among them."""
    kind, shape = draw(st.sampled_from(KINDS)), draw(st.lists(st.integers(0, 3), max_size=3))
    if kind == torch.bool:
        size = int(np.prod(shape))
        return (
            torch.tensor(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
            .bool()
            .reshape(shape)
        )
    size = int(np.prod(shape)) * kind.itemsize
    data = draw(st.binary(min_size=size, max_size=size))
    return torch.tensor(list(data), dtype=torch.uint8).view(kind).reshape(shape)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    anything = st.floats(width=32)
    rows = draw(st.integers(0, 5))
    column = st.lists(anything, min_size=rows, max_size=rows)
    epochs = sorted(draw(st.sets(st.integers(0, 10**6), min_size=rows, max_size=rows)))
    scores = st.builds(Score, anything, anything)
    return make_run(
        draw(st.text(max_size=30).filter(is_clean_name)),
        page=draw(st.sampled_from(PAGES)),
        settings=draw(OBJECTS),
        curves=Curves(
            np.array(epochs, np.float32), *(np.array(draw(column), np.float32) for _ in range(4))
        ),
        summary=RunSummary(
            draw(st.floats(0, 1e9)), draw(st.integers(0, 2**50)), draw(scores), draw(scores), 5
        ),
        thumbnail=draw(st.sampled_from([b"", picture()])),
        state=State(
            draw(OBJECTS),
            draw(
                st.dictionaries(
                    st.text(max_size=5).filter(lambda name: name != "__metadata__"),
                    tensors(),
                    max_size=4,
                )
            ),
        ),
        extra=draw(OBJECTS),
    )


def record_fields(run: Any) -> list[object]:
    """All of a record that can be compared; NaN equals NaN."""
    columns = [getattr(run.curves, name).tobytes() for name in Curves.__dataclass_fields__]
    plain = [run.name, run.page, run.id, run.created, run.saved, run.thumbnail]
    return [*plain, *columns, repr(run.settings), repr(run.summary)]


def run_fields(run: Run) -> list[object]:
    """All of a run that can be compared, tensors bit by bit."""
    held = {
        name: (each.dtype, each.shape, bytes(each.reshape(-1).view(torch.uint8).tolist()))
        for name, each in run.state.tensors.items()
    }
    return [*record_fields(run), held, repr(run.state.numbers), repr(run.extra)]
