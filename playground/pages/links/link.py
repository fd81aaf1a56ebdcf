"""Links: the URL query that describes a page, split into names and texts, and written.

A link is readable: `?gate=AND&hidden=8,8&hide=training&embed=1`. Besides settings by their public
names it may have `page`, which page of the app is open; `run`, the token of a run that a user
shares; `hide`, names of cards and controls that are not shown; and `embed`, for a page inside
another one.

Which settings a link may hold follows from the page: all parameters of the objects in its `owners`
(`pages/lab.py`, `pages/digits/digits_page.py`), seeds included. Only those that differ from the
page's defaults are written. `settings/settings.py` makes values of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote_plus

import panel as pn

from playground.settings import quote_briefly

MAX_LINK_LENGTH = 20_000
"""Characters of a link that are read; a link with a thousand points has some nine thousand."""
SAFE_CHARACTERS = ",:~*()"
"""Characters that are written into a URL unencoded, besides letters and digits."""
TRUE_WORDS = ("", "1", "true", "yes", "on")
"""Values of `embed` that switch it on; the first is for `&embed` without a value."""
IGNORED_PREFIXES = ("theme", "fbclid", "gclid", "bokeh-", "utm_")
"""Prefixes of names that other programs add to URLs, and that are not about the page."""

RUN = "run"
"""Name in a link of the token of a shared run."""

QueryItem = tuple[str, str]
"""Name and value."""


@dataclass(frozen=True)
class Link:
    """A description of a page, as it stands in a URL.

    Attributes
    ----------
    page : str
        Title of a page of the app, in any case; "" for the default.
    values : dict of str to str
        Settings as texts, by public name.
    hidden : tuple of str
        Names of cards and controls to hide.
    embedded : bool
        Whether the page is shown inside another one: without `hiding.CHROME`.
    shared_run : str
        Token of a run that is opened, see `playground.runs.Shares`; "" for none.
    remarks : tuple of str
        What is wrong with the link, as sentences.
    from_other_page : bool
        Whether it was made for another page of the app, and may name what only that one has.
    """

    page: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    embedded: bool = False
    remarks: tuple[str, ...] = ()
    from_other_page: bool = False
    shared_run: str = ""

    @property
    def asks_for_dark(self) -> bool | None:
        """Whether the link asks for the dark theme; None if it says nothing of it."""
        text = self.values.get("dark")
        return None if text is None else text.strip().lower() in TRUE_WORDS

    def for_other_pages(self) -> Link:
        """The part of the link that applies to the app's other pages."""
        return Link(hidden=self.hidden, embedded=self.embedded, from_other_page=True)


def session_link() -> Link:
    """The link with which the current session was opened; an empty one outside a session."""
    # Panel's own Location fails on a second "?", and adds entries to the browser's history.
    arguments: Mapping[str, Iterable[bytes | str]] = pn.state.session_args or {}
    return link_from_pairs(
        [(name, _decode(each)) for name in arguments for each in arguments[name]]
    )


def parse_link(query: str) -> Link:
    """Parse what follows the "?" of a URL; any text is a link."""
    return link_from_pairs(parse_qsl(query[: MAX_LINK_LENGTH + 1], keep_blank_values=True))


def link_from_pairs(pairs: Sequence[QueryItem]) -> Link:
    """Make a link of names and values; of a repeated name the last value counts."""
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
    return Link(
        values.pop("page", ""),
        values,
        hidden,
        embedded,
        (*dict.fromkeys(remarks),),
        shared_run=values.pop(RUN, "").strip(),
    )


def query_string(link: Link, texts: Mapping[str, str]) -> str:
    """Write what follows the "?" of a URL.

    Parameters
    ----------
    link : Link
        Its page, hidden names and embedding are kept.
    texts : mapping
        Settings as texts, by public name.
    """
    pairs = {
        "page": link.page,
        **texts,
        "hide": ",".join(link.hidden),
        "embed": "1" if link.embedded else "",
    }
    present = {name: text for name, text in pairs.items() if text or name in texts}
    return "&".join(
        f"{_percent_encode(name)}={_percent_encode(text)}" for name, text in present.items()
    )


def _percent_encode(text: str) -> str:
    # A lone surrogate cannot be encoded, and may come from JSON.
    return quote_plus(text, safe=SAFE_CHARACTERS, errors="replace")


def _decode(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _within_limit(pairs: Sequence[QueryItem]) -> list[QueryItem]:
    """The first pairs, as many as fit into `MAX_LINK_LENGTH` characters."""
    accepted, length = [], 0
    for name, value in pairs:
        length += len(name) + len(value) + 2
        if length > MAX_LINK_LENGTH:
            break
        accepted.append((name, value))
    return accepted
