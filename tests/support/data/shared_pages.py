"""Pages that tests use one after another, each as if it had just been made.

To make a page takes ten times as long as what most tests do with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import panel as pn
import pytest

from tests.support.widgets import text, widgets

Lab = Any
"""A page about a dense network."""


class SharedPages:
    """One page of each kind, lent to one test at a time.

    What can be set back is set back afterwards. A page that then is not what it was at first,
    whatever the difference, is not lent again.
    """

    def __init__(self) -> None:
        self._free: dict[type, tuple[Lab, object]] = {}

    @contextmanager
    def lend(self, kind: type) -> Iterator[Lab]:
        """Lend the page of a kind, which nobody else is lent meanwhile."""
        page, first = self._free.pop(kind, None) or new_page(kind)
        yield page
        if page._link_sync._link is None:
            set_back(page)
            if looks(page) == first:
                self._free[kind] = page, first

    def peek(self, kind: type) -> Lab:
        """Return the page of a kind for a test that leaves it as it is."""
        if kind not in self._free:
            self._free[kind] = new_page(kind)
        return self._free[kind][0]


def lending_fixture(kind: type) -> Callable[..., Iterator[Lab]]:
    """Make the fixture of a page of a kind that was opened without a link."""

    @pytest.fixture
    def page(shared_pages: SharedPages) -> Iterator[Lab]:
        with shared_pages.lend(kind) as lent_page:
            yield lent_page

    return page


def new_page(kind: type) -> tuple[Lab, object]:
    """Return a page as it is lent, and what it looks like."""
    page = kind()
    set_back(page)
    return page, looks(page)


def set_back(page: Lab) -> None:
    """Give a page its first settings and its first weights, and show them."""
    page.heartbeat.pause()
    page.settings.apply(page.settings.defaults)
    page.trainer.reset()
    page.heartbeat.failure = ""
    page.heartbeat.frame = frame = page.trainer.frame()
    page.update(frame)


def looks(page: Lab) -> object:
    """What can be seen of a page, and what a test might have left behind it."""
    panel = page.__panel__()
    return (
        text(page),
        [(each.name, value(each)) for each in widgets(page) if each.visible],
        [(each.visible, *each.css_classes) for each in panel.select(pn.viewable.Viewable)],
        page.settings.values(),
        [view.theme for view in page.views],
        [view.choices for view in page.views],
        [
            (layer.weight.tobytes(), layer.bias.tobytes(), layer.frozen.tobytes())
            for layer in page.trainer.frame().layers
        ],
        len(page.problem.own) if hasattr(page.problem, "own") else 0,
    )


def value(widget: Any) -> object:
    """The value of a widget; none for a button, which counts its clicks."""
    return None if hasattr(widget, "clicks") else getattr(widget, "value", None)
