"""Names of features and classes, fitted into the room beside what they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

ELLIPSIS = "…"
_WIDTHS = {
    **dict.fromkeys("ijlI'|.,:;!", 4.3),
    **dict.fromkeys(" ftr()[]/-", 5.4),
    **dict.fromkeys("csxyz_kv", 7.7),
    **dict.fromkeys("mwMW=%+@" + ELLIPSIS, 13.0),
}
"""Pixels of letters in the widest of the usual fonts, of 13 pixels; one that is cut is wrong."""
_OTHER_LETTER = 8.4
_BREAKS = re.compile(r"(?<=[\s_\-./=])|(?<=[a-z])(?=[A-Z])")
"""Where a name may be broken: after blanks and signs, and within "petalLength"."""


def text_width(text: str) -> float:
    """Return the width of a text in pixels, at most."""
    return sum(_WIDTHS.get(letter, _OTHER_LETTER) for letter in text)


def fit_names(names: Sequence[str], room: float, lines: int) -> list[str]:
    """Wrap and shorten names; those that would look alike keep their ends, if these differ.

    Parameters
    ----------
    names : sequence of str
    room : float
        Width in pixels.
    lines : int
        How many there may be, 1 or more.
    """
    fitted = [fit_name(name, room, lines) for name in names]
    ends = [_keep_end(name, room) for name in names]
    seen, seen_ends = Counter(fitted), Counter(ends)
    return [
        end if ELLIPSIS in text and seen[text] > 1 == seen_ends[end] else text
        for text, end in zip(fitted, ends, strict=True)
    ]


def fit_name(name: str, room: float, lines: int) -> str:
    """Wrap a name into lines, and shorten it if need be; "colour=red" keeps its category."""
    if text_width(name) <= room:
        return name
    _column, is_category, category = name.rpartition("=")
    if is_category and text_width(ELLIPSIS + category) <= room and lines == 1:
        return _keep_end(name, room)
    wrapped: list[str] = []
    for part in filter(None, _BREAKS.split(name)):
        if wrapped and text_width((wrapped[-1] + part).strip()) <= room:
            wrapped[-1] += part
        else:
            wrapped.append(part)
    wrapped = [line.strip() for line in wrapped]
    if len(wrapped) > lines:
        *kept, last = wrapped[:lines]
        wrapped = [*kept, last + ELLIPSIS]
    return "\n".join(_keep_start(line, room) for line in wrapped)


def _keep_start(text: str, room: float) -> str:
    if text_width(text) <= room:
        return text
    text = text.removesuffix(ELLIPSIS)
    while len(text) > 1 and text_width(text + ELLIPSIS) > room:
        text = text[:-1]
    return text + ELLIPSIS


def _keep_end(text: str, room: float) -> str:
    while len(text) > 1 and text_width(ELLIPSIS + text) > room:
        text = text[1:]
    return ELLIPSIS + text
