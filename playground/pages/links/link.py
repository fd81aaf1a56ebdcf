"""Links: what of a page's address its settings are made from, and the other way round.

A link is as people write it: `?gate=AND&hidden=8,8&hide=training&embed=1`. Besides settings by
their public names it may have `page`, which page of the app is open; `hide`, names of cards and
controls that are not shown; and `embed`, for a page inside another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote_plus

import panel as pn

from playground.settings import quote_briefly

MAX_LINK_LENGTH = 20_000
"""Of a link that are read; one with a thousand points has some nine thousand."""
SAFE_CHARACTERS = ",:~*()"
"""Characters that may stand in an address as they are, besides letters and digits."""
TRUE_WORDS = ("", "1", "true", "yes", "on")
IGNORED_PREFIXES = ("theme", "fbclid", "gclid", "bokeh-", "utm_")
"""How names begin that others put into addresses, and which say nothing about the page."""

QueryItem = tuple[str, str]


@dataclass(frozen=True)
class Link:
    """What an address asks of a page.

    Attributes
    ----------
    page : str
        Which page of the app; "" for the usual one.
    values : dict of str to str
        Settings in writing, by public name.
    hidden : tuple of str
        Names of cards and controls that are not to be seen.
    embedded : bool
        Whether the page is shown inside another: without brand, theme and the way to others.
    remarks : tuple of str
        What is wrong with the address, each in a sentence.
    from_other_page : bool
        Whether it comes from another page of the app, and may name what only that one has.
    """

    page: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    embedded: bool = False
    remarks: tuple[str, ...] = ()
    from_other_page: bool = False

    def for_other_pages(self) -> Link:
        """What it asks of other pages of the app than its own."""
        return Link(hidden=self.hidden, embedded=self.embedded, from_other_page=True)


def session_link() -> Link:
    """The link by which the present session was opened; an empty one where there is none."""
    # Panel's own Location is of no use: it fails on a second "?", and fills the browser's history.
    arguments: Mapping[str, Iterable[bytes | str]] = pn.state.session_args or {}
    return link_from_pairs(
        [(name, _decoded(each)) for name in arguments for each in arguments[name]]
    )


def parse_link(query: str) -> Link:
    """The link that stands behind the "?" of an address. Never fails, whatever stands there."""
    return link_from_pairs(parse_qsl(query[: MAX_LINK_LENGTH + 1], keep_blank_values=True))


def link_from_pairs(pairs: Sequence[QueryItem]) -> Link:
    """The link that names and values make; of those that come twice the last one counts."""
    accepted, remarks = _within_limit(pairs), []
    if len(accepted) < len(pairs):
        remarks.append(
            f"The link is too long; what comes after {MAX_LINK_LENGTH:,} letters is left out."
        )
    values: dict[str, str] = {}
    for name, value in accepted:
        if name.startswith(IGNORED_PREFIXES):
            continue
        if values.setdefault(name, value) != value:
            remarks.append(f"{quote_briefly(name)} is there more than once; the last one counts.")
        values[name] = value
    hidden = (*filter(None, (each.strip() for each in values.pop("hide", "").split(","))),)
    embedded = values.pop("embed", "no").strip().lower() in TRUE_WORDS
    return Link(values.pop("page", ""), values, hidden, embedded, (*dict.fromkeys(remarks),))


def query_string(link: Link, texts: Mapping[str, str]) -> str:
    """What stands behind the "?" of an address.

    Parameters
    ----------
    link : Link
        Whose page, hidden names and embedding are kept.
    texts : mapping
        Settings in writing.
    """
    pairs = {
        "page": link.page,
        **texts,
        "hide": ",".join(link.hidden),
        "embed": "1" if link.embedded else "",
    }
    present = {name: text for name, text in pairs.items() if text or name in texts}
    return "&".join(
        f"{_percent_encoded(name)}={_percent_encoded(text)}" for name, text in present.items()
    )


def _percent_encoded(text: str) -> str:
    # What no text can hold, half a pair of characters, may still have come out of JSON.
    return quote_plus(text, safe=SAFE_CHARACTERS, errors="replace")


def _decoded(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _within_limit(pairs: Sequence[QueryItem]) -> list[QueryItem]:
    """As many of the first pairs as a link may have letters for."""
    accepted, length = [], 0
    for name, value in pairs:
        length += len(name) + len(value) + 2
        if length > MAX_LINK_LENGTH:
            break
        accepted.append((name, value))
    return accepted
