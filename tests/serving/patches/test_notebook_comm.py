"""What the browser says to a kernel, in pieces that Panel can take in."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playground.serving.patches.bokeh_patches import MESSAGE_SENT, split_message

KINDS = st.sampled_from(["RootAdded", "ModelChanged", MESSAGE_SENT])


def message(kinds: list[str]) -> dict[str, Any]:
    events = [{"kind": kind, "number": number} for number, kind in enumerate(kinds)]
    header = {"msgtype": "PATCH-DOC"}
    return {"header": header, "content": {"events": events}, "_buffers": {0: b"x"}}


@given(st.lists(KINDS))
def test_all_is_said_in_order_and_each_word_by_itself(kinds: list[str]) -> None:
    whole = message(kinds)
    parts = list(split_message(whole))
    assert [each for part in parts for each in part["content"]["events"]] == (
        whole["content"]["events"]
    )
    for part in parts:
        said = [each for each in part["content"]["events"] if each["kind"] == MESSAGE_SENT]
        assert part["content"]["events"] == said[:1] or not said
        assert part["header"] == whole["header"]
    # Panel takes the buffers out of what it is given.
    assert all(part.pop("_buffers") == {0: b"x"} for part in parts)


def test_changes_that_come_together_stay_together() -> None:
    changed = ["ModelChanged"] * 3
    assert [
        len(each["content"]["events"]) for each in split_message(message([*changed, MESSAGE_SENT]))
    ] == [3, 1]
