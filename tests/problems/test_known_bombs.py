"""Small inputs that would take much time or memory, by name: each is refused at once.

What these have in common is that something small claims to be large. Others are where their readers
are tested: a header of 40,000 columns in `test_read_points.py`, headers of safetensors that lie in
`test_runs_format.py` and `test_pretrained.py`, `../../x` as a name in `test_runs_store.py`,
`test_runs_autosaves.py` and `test_runs_tab.py`, `?a=1?b=2` and queries of a million characters in
`test_links.py` and `test_links_page.py`.
"""

from __future__ import annotations

import re
import resource
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import ImageFile

from playground import predict
from playground.errors import InputError
from playground.ink.photos.digit_detection import detect_digits
from playground.problems import PointSet
from playground.problems.tables.csv.points_csv import column_names
from playground.runs.format import decode_run

MANY = 10**9
SIDE = 13_300
SECONDS = 2.0
"""Of the processor's time, for any of them."""
MEGABYTES = 200
"""Of memory, for any of them."""


def png(side: int) -> bytes:
    """Return a whole PNG file of black and white pixels, all white: 22 MB in 22 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + b"\xff" * (side // 8 + 1)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            chunk(b"IDAT", zlib.compress(row * side, 9)),
            chunk(b"IEND", b""),
        ]
    )


def run_file(shape: list[int], size: int) -> bytes:
    """Return a safetensors file with one tensor of that shape and that many bytes."""
    header = b'{"a":{"dtype":"F32","shape":%s,"data_offsets":[0,%d]}}' % (
        str(shape).encode(),
        size,
    )
    return struct.pack("<Q", len(header)) + header + bytes(min(size, 100))


BOMBS: dict[str, Callable[[], object]] = {
    "a picture of 13,300 by 13,300 pixels": lambda: detect_digits(png(SIDE)),
    "an array of one number, repeated": lambda: predict(np.broadcast_to(np.uint8(0), (MANY, MANY))),
    "an array of many channels": lambda: predict(np.broadcast_to(np.uint8(0), (9, 9, MANY))),
    "a stroke of one number, repeated": lambda: predict(
        [(np.broadcast_to(0.5, MANY), np.broadcast_to(0.5, MANY))]
    ),
    "a stroke of a tensor of stride 0": lambda: predict([(torch.zeros(1).expand(MANY), [0.5])]),
    "a stroke that is a range": lambda: predict([(range(MANY), range(MANY))]),
    "20,000 strokes": lambda: predict([([0.1, 0.9], [0.5, 0.5])] * 20_000),
    "strokes without end": lambda: predict(repeat(([0.5], [0.5]))),  # type: ignore[arg-type]
    "points of stride 0": lambda: PointSet().add(np.broadcast_to(0.5, (MANY, 2)), 0),
    "labels of stride 0": lambda: PointSet().add([0, 0], np.broadcast_to(0, MANY)),
    "a header of 40,000 columns": lambda: column_names(b",".join([b"a"] * 40_000)),
    "a run that says it is large": lambda: decode_run(run_file([MANY], 4 * MANY)),
    "a run whose tensor has no end": lambda: decode_run(run_file([2**62, 2**62], 4)),
    "a run whose tensor is empty and large": lambda: decode_run(run_file([0, 2**62], 0)),
}


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Limit the address space: what asks for more fails at once, and does not fill the machine."""
    if not (statm := Path("/proc/self/statm")).exists():
        pytest.skip("only Linux tells a process how much memory it has")
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(statm.read_text().split()[0])
    limit = pages * resource.getpagesize() + MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("name", BOMBS)
def test_it_is_refused_at_once(name: str) -> None:
    begun = processor_seconds()
    with pytest.raises(InputError) as refused:
        BOMBS[name]()
    assert processor_seconds() - begun < SECONDS
    assert re.fullmatch(r"[“A-Z0-9it][^\n]{20,300}\.", str(refused.value))


def test_a_picture_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(SIDE)
    assert len(data) < 172_000

    def load(_file: object) -> None:
        raise AssertionError("it is being decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with pytest.raises(InputError, match="13,300 × 13,300 pixels, more than 20 million"):
        detect_digits(data)
