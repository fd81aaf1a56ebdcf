"""A page that can't be built says so, and how to go on; what can't be read hinders no page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn
import pytest

from playground.errors import InputError
from playground.pages import app as app_module
from playground.pages.app import App
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.site.error_page import show_page
from tests.support.training.image_trainers import BarImages
from tests.support.widgets import text

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

SECRET = "/srv/playground/secret.npz is odd"


def failing_builder(error: Exception) -> Any:
    def build(**_choices: object) -> None:
        raise error

    return build


@pytest.mark.parametrize("error", [RuntimeError(SECRET), OSError(5, SECRET), MemoryError(SECRET)])
def test_an_error_is_a_page_with_a_way_on_and_a_traceback_in_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    place = pn.Column()
    show_page(place, failing_builder(error))
    (shown,) = place
    assert "Nothing that you have saved is lost" in shown.object
    assert '<a href="?">' in shown.object
    assert not any(word in shown.object for word in (SECRET, "Traceback", "Error"))
    assert SECRET in caplog.text
    assert "Traceback" in caplog.text


def test_a_mistake_of_the_person_is_named() -> None:
    place = pn.Column()
    show_page(place, failing_builder(InputError("There is no <b>gate</b> of that name.")))
    assert "There is no &lt;b&gt;gate&lt;/b&gt; of that name." in place[0].object


def test_the_app_opens_with_a_message_in_place_of_a_broken_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app_module.PAGES, "Gates", failing_builder(KeyError("x")))
    app = App(page="Gates")
    assert "This page could not be opened" in text(app)
    app.page = "Points"
    assert "This page could not be opened" not in text(app)


def test_the_digits_page_opens_with_damaged_corrections_and_says_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("playground.pages.digits.digits_page.Digits", BarImages)
    path = tmp_path / "playground" / "corrections.npz"
    path.parent.mkdir()
    path.write_bytes(b"not a zip.")
    page = DigitsPage(model="softmax", batch_size=50)
    assert page.is_ready
    (aside,) = path.parent.iterdir()
    assert f"It is kept as {aside.name}" in text(page)
    assert aside.read_bytes() == b"not a zip."
    assert str(tmp_path) not in text(page)
