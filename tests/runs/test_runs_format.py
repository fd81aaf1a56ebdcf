"""A run as a file: comes back as it was, and whatever else is in a file is refused."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import replace
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.runs import Run, RunRecord, clean_name
from playground.runs.atomic_files import MAX_BYTES
from playground.runs.format import decode_run, encode_run, read_record
from playground.safetensors_header import MAX_HEADER_BYTES, MAX_TENSORS
from playground.training.core.state.state import State
from tests.support.data.sample_runs import (
    JSON,
    is_clean_name,
    make_run,
    picture,
    record_fields,
    run_fields,
    runs,
)

FILE = encode_run(make_run())


def header(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])
    return found


def with_header(entries: object, body: bytes = b"") -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + body


def with_record(**changes: object) -> bytes:
    """The file with other values in what is listed."""
    entries = header(FILE)
    record = json.loads(entries["__metadata__"]["record"]) | changes
    entries["__metadata__"]["record"] = json.dumps(record)
    return with_header(entries, FILE[8 + struct.unpack("<Q", FILE[:8])[0] :])


def read_listed(data: bytes) -> RunRecord:
    return read_record(io.BytesIO(data), len(data))


@given(runs())
def test_every_run_comes_back_bit_by_bit(run: Run) -> None:
    data = encode_run(run)
    assert run_fields(decode_run(data)) == run_fields(run)
    assert record_fields(read_listed(data)) == record_fields(run)


def test_others_can_read_the_weights() -> None:
    (name,) = safetensors.torch.load(FILE)
    assert name == "0.weight"


def test_what_comes_back_can_be_learned_on() -> None:
    weight = decode_run(FILE).state.tensors["0.weight"]
    weight.mul_(2)
    assert weight.tolist() == [[0, 2, 4], [6, 8, 10]]


def test_a_file_cut_off_anywhere_is_refused() -> None:
    for end in range(len(FILE)):
        with pytest.raises(InputError):
            decode_run(FILE[:end])
        with pytest.raises(InputError):
            read_listed(FILE[:end])


def test_a_file_with_more_behind_it_is_refused() -> None:
    with pytest.raises(InputError, match="not whole"):
        read_listed(FILE + b"\0")


@pytest.mark.fuzz
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(at: int, change: int) -> None:
    data = bytearray(FILE)
    data[at] ^= change
    try:
        run = decode_run(bytes(data))
    except InputError:
        return
    assert run_fields(run) == run_fields(decode_run(FILE))


def test_a_changed_weight_is_noticed() -> None:
    with pytest.raises(InputError, match="checksum"):
        decode_run(FILE[:-1] + bytes([FILE[-1] ^ 1]))


@pytest.mark.fuzz
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    for way in (decode_run, read_listed):
        with pytest.raises(InputError):
            way(data)
        with pytest.raises(InputError):
            way(with_header(data))


@pytest.mark.fuzz
@given(JSON)
def test_any_header_is_refused(value: object) -> None:
    for entries in (value, {"__metadata__": value}, {"x": value}):
        with pytest.raises(InputError):
            decode_run(with_header(entries))


def entry(
    kind: object = "F32", shape: object = (1,), offsets: object = (0, 4)
) -> dict[str, object]:
    return {"dtype": kind, "shape": shape, "data_offsets": offsets}


HUGE = 10**12


@pytest.mark.parametrize(
    "tensors",
    [
        {"a": entry(shape=[HUGE], offsets=[0, 4 * HUGE])},
        {"a": entry(shape=[HUGE])},
        {"a": entry(shape=[0, 2**62, 2**62], offsets=[0, 0]), "b": entry()},
        {"a": entry(), "b": entry()},
        {"a": entry(offsets=[4, 0]), "b": entry()},
        {"a": entry(offsets=[-4, 4])},
        {"a": entry(offsets=[0, HUGE**40])},
        {"a": entry(shape=[-1])},
        {"a": entry(shape=[1.0])},
        {"a": entry(kind="F4", shape=[8])},
        {"a": entry(kind="X")},
        {"a": entry(kind=["F32"])},
        {"a": {"dtype": "F32"}},
        {f"{number}": entry(shape=[0], offsets=[0, 0]) for number in range(MAX_TENSORS + 1)},
    ],
)
def test_headers_that_claim_what_is_not_there_are_refused(tensors: dict[str, object]) -> None:
    metadata = header(FILE)["__metadata__"]
    with pytest.raises(InputError):
        decode_run(with_header({"__metadata__": metadata, **tensors}, b"\0" * 4))


@pytest.mark.parametrize("length", [0, 1, MAX_HEADER_BYTES + 1, 2**31, 2**63, 2**64 - 1])
def test_nothing_is_read_for_a_header_of_odd_length(length: int) -> None:
    file = io.BytesIO(struct.pack("<Q", length) + b"{}")
    with pytest.raises(InputError):
        read_record(file, MAX_BYTES)
    assert file.tell() == 8


def test_nothing_is_read_of_a_file_that_is_too_large() -> None:
    file = io.BytesIO(FILE)
    with pytest.raises(InputError, match="200 MB is the most"):
        read_record(file, MAX_BYTES + 1)
    assert file.tell() == 0


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_without_end_is_refused(opening: bytes) -> None:
    with pytest.raises(InputError):
        read_listed(with_header(opening * 500_000))
    entries = header(FILE)
    entries["__metadata__"]["record"] = opening.decode() * 500_000
    with pytest.raises(InputError):
        read_listed(with_header(entries, b"\0" * 24))


def test_a_later_version_says_what_to_do() -> None:
    entries = header(FILE)
    entries["__metadata__"]["playground"] = "2"
    with pytest.raises(InputError, match=r"version 2, made by a newer Playground.* Update"):
        read_listed(with_header(entries, b"\0" * 24))


def test_weights_of_something_else_are_refused() -> None:
    with pytest.raises(InputError, match="not the run of a Playground"):
        decode_run(safetensors.torch.save({"a": torch.zeros(2)}))


FIELDS = tuple(json.loads(header(FILE)["__metadata__"]["record"]))


@pytest.mark.fuzz
@given(st.sampled_from(FIELDS), JSON)
@example("summary", {"epoch": 1, "step": 10**400, "train": [1, 1], "test": [1, 1]})
@example("saved", "0001-01-01T00:00:00+10:00")
@example("curves", {"epoch": "AAAA"})
def test_any_value_in_what_is_listed_is_refused_or_sound(field: str, value: object) -> None:
    try:
        record = read_listed(with_record(**{field: value}))
    except InputError:
        return
    assert is_clean_name(record.name)
    assert isinstance(record.settings, dict)
    assert record.saved.utcoffset() is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "../../etc/passwd"),
        ("name", "two\nlines"),
        ("name", "\u202egnp.exe"),
        ("name", "x" * 81),
        ("page", "Home"),
        ("created", "yesterday"),
        ("settings", []),
        ("curves", {}),
        ("thumbnail", "PHNjcmlwdD4="),
        ("thumbnail", "not base64"),
    ],
)
def test_hostile_values_are_refused(field: str, value: object) -> None:
    with pytest.raises(InputError):
        read_listed(with_record(**{field: value}))


def test_a_picture_may_not_be_large() -> None:
    with pytest.raises(InputError, match="small PNG"):
        decode_run(encode_run(make_run(thumbnail=picture(1025))))


def test_curves_must_go_forwards() -> None:
    run = make_run()
    backwards = replace(run.curves, epoch=run.curves.epoch[::-1])
    with pytest.raises(InputError, match="rising epochs"):
        decode_run(encode_run(make_run(curves=backwards)))


@pytest.mark.parametrize("part", ["settings", "extra"])
def test_a_run_with_too_much_beside_its_weights_is_not_saved(part: str) -> None:
    with pytest.raises(InputError, match=r"[14] MB can be saved"):
        encode_run(make_run(**{part: {"x": "x" * MAX_HEADER_BYTES}}))


def test_a_run_that_is_too_large_is_not_saved() -> None:
    weights = torch.empty(MAX_BYTES + 1, dtype=torch.uint8)
    with pytest.raises(InputError, match="200 MB can be saved"):
        encode_run(make_run(state=State({}, {"a": weights})))


@pytest.mark.fuzz
@given(st.text())
def test_names_are_cleaned_or_refused(name: str) -> None:
    try:
        shown = clean_name(name)
    except InputError:
        assert len(" ".join(name.split())) > 80 or not any(
            each.isprintable() and each != " " for each in name
        )
        return
    assert clean_name(shown) == shown
    assert shown.isprintable()


def test_a_name_keeps_what_can_be_seen() -> None:
    assert clean_name("  <b>XOR</b> \n ½ 网络 \x00 🙂 ") == "<b>XOR</b> ½ 网络 🙂"
