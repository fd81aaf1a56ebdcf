"""Whether everything that a page names is explained in a sentence: see `HelpSentences`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import panel as pn
import pytest
from panel.widgets import Widget

from playground.pages.app import PAGES
from playground.pages.compare.compare_page import ComparePage
from playground.pages.controls.help_tags import HELP
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.own_data import UploadPage
from playground.pages.points import PointsPage
from playground.pages.shell.label_sentences import LABEL_SENTENCES
from tests.support.data.shared_pages import SharedPages
from tests.support.training.image_trainers import BarImages

pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

Named = tuple[str, str, bool]
"""The kind of a label, what it says, and whether its control has a sentence in its tags."""
BUTTONS = (pn.widgets.Button, pn.widgets.FileDownload, pn.widgets.Toggle)
GROUPS = (pn.widgets.RadioButtonGroup, pn.widgets.CheckButtonGroup)
TEXT_ONLY = pn.widgets.CheckBoxGroup
"""Without a label: the title above says what it is."""


def named(box: Any, explained: bool = False) -> Iterator[Named]:
    """Yield what a person can read of controls, titles, tabs and numbers."""
    explained = explained or any(tag.startswith(HELP) for tag in getattr(box, "tags", ()))
    if isinstance(box, pn.Tabs):
        yield from (("tab", title, False) for title in box._names)
    elif isinstance(box, pn.Card):
        yield "title", box.title, False
    elif isinstance(box, pn.pane.HTML):
        html = str(box.object)
        for kind, tags in (("title", "h[23]"), ("column", "th")):
            # Sections of files have their sentence below their title.
            for found in re.finditer(rf"<{tags}[^>]*>(.*?)(?:<small|</{tags}>(?!<p>))", html):
                yield kind, found[1].strip(), False
        if "pg-figures" in html:
            for found in re.finditer(r"<span[^>]*>(.*?)</span>", html):
                yield "number", re.sub("<[^>]*>", " ", found[1]), False
    elif isinstance(box, GROUPS):
        yield from (("button", str(option), explained) for option in box.options)
    elif isinstance(box, BUTTONS):
        # The name of an icon is shown; of one with a word beside it that says more than the word.
        is_icon = "pg-icon" in box.css_classes and len(box.name.split()) > 2
        yield "button", box.label or box.name, explained or is_icon
    elif isinstance(box, Widget) and not isinstance(box, TEXT_ONLY):
        yield "field", box.name, explained
    for inner in getattr(box, "objects", None) or ():
        yield from named(inner, explained)


@pytest.fixture
def app_page(
    request: pytest.FixtureRequest, shared_pages: SharedPages, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Return the page of a kind, with pictures that are there at once."""
    kind = request.param
    if kind in (GatesPage, PointsPage):
        return shared_pages.peek(kind)
    monkeypatch.setattr("playground.pages.digits.digits_page.Digits", BarImages)
    return kind()


@pytest.mark.parametrize(
    "app_page",
    [GatesPage, PointsPage, DigitsPage, UploadPage, ComparePage],
    indirect=True,
    ids=PAGES,
)
def test_all_that_a_page_names_is_explained(app_page: Any) -> None:
    page = app_page
    page._toggle_drawer(None)
    everything = set(named(page.__panel__()))
    page._toggle_drawer(None)
    assert len(everything) > 60
    missing = [
        (kind, text)
        for kind, text, explained in everything
        if not explained and not is_known(kind, text)
    ]
    assert not missing, "add a sentence to label_sentences.py, or help_tags to the control"


def is_known(kind: str, text: str) -> bool:
    """Return whether the browser finds a sentence by what a label says."""
    known = LABEL_SENTENCES[kind]
    return any(label in text for label in known) if kind == "number" else text in known


def test_sentences_say_more_than_the_label() -> None:
    for kind, sentences in LABEL_SENTENCES.items():
        for label, sentence in sentences.items():
            assert sentence.endswith((".", "?")), (kind, label)
            assert 3 <= len(sentence.split()) <= 20, (kind, label)
            assert sentence.rstrip(".").lower() != label.lower()
