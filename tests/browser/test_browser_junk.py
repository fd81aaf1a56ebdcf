"""Whatever a browser sends to whatever listens on a page: nothing raises, and no state is wrong."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import pytest
from bokeh import events
from bokeh.core.has_props import HasProps
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import CheckboxButtonGroup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panel.custom import JSComponent
from panel.models.esm import DataEvent
from panel.models.reactive_html import DOMEvent

from playground.pages.classroom.pupil_tiles import PupilTiles
from playground.pages.compare.compare_page import ComparePage
from playground.pages.controls.code_view import CodeView
from playground.pages.controls.fields.parameter_fields import LogField
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.links.link import Link
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.pages.points.point_brush import MAX_PLACES, PointBrush
from playground.problems.points.points import Points
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.browser.browser_component import BrowserComponent
from playground.serving.patches.browser_changes import COMPONENTS, check_changes
from playground.training.training import Training
from tests.support.servers.server import ROOT
from tests.support.training.image_trainers import BarImages

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

Handler = Callable[[Any, Any], object]
"""Something on a page that a browser can call, with two values of its choice."""

WITHOUT_VALUES = ("button_click", "mouseleave", "enter-pressed")
UPLOADS = ("upload_event", "delete_event")
"""Events of Panel's FileDropper, which has tests of its own."""

numbers = (
    st.integers(-9, 9)
    | st.sampled_from([10**9, -(10**9), 2**53, 2**63, 10**400, 1e300, -1e300])
    | st.floats()
)
junk = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
messages = (
    junk
    | st.dictionaries(st.sampled_from(["tab", "reloaded", "choose", "compare", "wanted"]), junk)
    | st.just([0] * 10_000)
    | st.just("9" * 10_000)
)


def point_event(figure: Model, kind: Any, x: object, y: object) -> None:
    figure._trigger_event(kind(figure, x=x, y=y))


def send_message(component: Model, message: object, _other: object) -> None:
    component._trigger_event(DataEvent(component, data=message))


def element_event(component: Model, message: object, _other: object) -> None:
    component._trigger_event(DOMEvent(component, node="msg", data=message))


def change(model: HasProps, name: str, value: object, _other: object) -> None:
    if model.lookup(name).property.is_valid(value):  # Bokeh refuses the rest.
        model.set_from_json(name, value)


def handlers(root: Model) -> dict[str, Handler]:
    """Find everything on a page that takes a value from a browser."""
    found: dict[str, Handler] = {}
    for number, model in enumerate(root.references()):
        for name in model._event_callbacks:
            kind = events._CONCRETE_EVENT_CLASSES[name]
            key = f"{type(model).__name__} {number}: {name}"
            if issubclass(kind, events.PointEvent):
                found[key] = partial(point_event, model, kind)
            elif kind is DataEvent:
                found[key] = partial(send_message, model)
            elif kind is DOMEvent:
                found[key] = partial(element_event, model)
            else:
                assert name in (*WITHOUT_VALUES, *UPLOADS), f"nothing is sent to {key} here"
        for name in model._callbacks:
            found[f"{type(model).__name__} {number}: {name}"] = partial(change, model, name)
    return found


class OpenPage:
    """A page as it is shown in a browser, or some parts of it."""

    def __init__(self, page: Page[Any, Any], *parts: Any, drawer: bool = False) -> None:
        self.page = page
        page.open(Link())
        shown = [*parts] or [page.__panel__()]
        if drawer:
            page._toggle_drawer(None)
            shown += page.__panel__().select(CodeView)  # in a tab that is opened later
        self.root = pn.Column(*shown).get_root(Document())
        self.handlers = handlers(self.root)
        self.names = sorted(self.handlers)

    @property
    def components(self) -> set[type[BrowserComponent]]:
        components = self.page.__panel__().select(BrowserComponent)
        return {type(each) for each in components if each._models}


def gates_alone() -> OpenPage:
    """What the page Gates has that the page Points has not."""
    page = GatesPage()
    return OpenPage(page, page._problem_card, *(tab for _title, tab in page._tabs))


@pytest.fixture(scope="module")
def open_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, OpenPage]]:
    check_changes()
    loop = asyncio.new_event_loop()
    with pytest.MonkeyPatch.context() as patch:
        # Panel makes one for each download without a server, and closes none.
        patch.setattr(asyncio, "new_event_loop", lambda: loop)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setattr("playground.pages.digits.digits_page.Digits", BarImages)
        yield {
            "gates": gates_alone(),
            "points": OpenPage(PointsPage(), drawer=True),
            "digits": OpenPage(DigitsPage(model="softmax", batch_size=50)),
            "compare": OpenPage(ComparePage(vary="width: 1, 2; seed: 1, 2")),
        }
    asyncio.set_event_loop(None)
    loop.close()


@pytest.mark.fuzz
@pytest.mark.parametrize("name", ["gates", "points", "digits", "compare"])
@settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_junk_raises_nothing_and_leaves_a_page_that_works(
    open_pages: dict[str, OpenPage],
    caplog: pytest.LogCaptureFixture,
    name: str,
    data: st.DataObject,
) -> None:
    shown = open_pages[name]
    for _ in range(24):  # to look at the page afterwards takes longer than all of them
        handler = data.draw(st.sampled_from(shown.names))
        shown.handlers[handler](data.draw(messages), data.draw(messages))
    page = shown.page
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert page.settings.apply(page.settings.values()) == ()
    frame = page.trainer.frame()
    assert np.isfinite([frame.train.loss, frame.test.loss]).all()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=messages, other=messages)
def test_junk_for_the_tiles_of_pupils_opens_nothing(
    caplog: pytest.LogCaptureFixture, message: object, other: object
) -> None:
    tiles = PupilTiles(lambda id: pytest.fail(f"opened {id}"))
    tiles.show_tiles({"a1b2c3d4e5f60718": {"name": "Ada"}})
    for handler in handlers(tiles.get_root(Document())).values():
        handler(message, other)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def test_every_component_of_ours_was_sent_junk(open_pages: dict[str, OpenPage]) -> None:
    """A new component is found by itself; one that is on none of these pages is not."""

    def subclasses(kind: type) -> set[type]:
        return {each for sub in kind.__subclasses__() for each in (sub, *subclasses(sub))}

    ours = {each for each in subclasses(JSComponent) if each.__module__.startswith("playground.")}
    shown = set().union(*(each.components for each in open_pages.values()))
    assert ours - shown == {BrowserComponent, PupilTiles}
    assert BackPressure in shown
    assert all(issubclass(each, BrowserComponent) for each in ours)


def test_parameters_of_components_go_to_the_browser_only(open_pages: dict[str, OpenPage]) -> None:
    back_pressure = open_pages["points"].page.back_pressure
    before = back_pressure.tick
    (model,) = (model for model, _parent in back_pressure._models.values())
    assert not model.data._callbacks
    model.data.set_from_json("tick", 10**6)
    assert back_pressure.tick == before


def test_a_browser_changes_only_what_people_change(open_pages: dict[str, OpenPage]) -> None:
    changed = {name.split(": ")[1] for name in open_pages["points"].names}
    assert {"value", "active"} < changed
    assert not {"options", "label", "title", "disabled", "max_length"} & changed


def test_an_option_that_is_chosen_many_times_is_chosen_once(
    open_pages: dict[str, OpenPage],
) -> None:
    shown = open_pages["digits"]
    (choice,) = shown.root.select({"type": CheckboxButtonGroup})
    choice.set_from_json("active", [1, 0, 0] * 10_000)
    assert shown.page.readers == ["mlp", "softmax"]


def test_of_every_widget_a_browser_changes_only_what_people_change() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "playground").rglob("*.py"))
    used = set(re.findall(r"\bpn\.widgets\.([A-Z]\w+)", sources)) - {"Widget", "WidgetBase"}
    assert used <= {each.__name__ for each in COMPONENTS}


@pytest.mark.parametrize("acknowledged", [10**9, 4, -1, 2.0, True, None, "3", [3], float("nan")])
def test_frames_that_were_not_sent_cannot_be_acknowledged(
    acknowledged: object, caplog: pytest.LogCaptureFixture
) -> None:
    back_pressure = BackPressure()
    back_pressure._handle_msg(0)
    for _ in range(3):
        back_pressure.count_frame()
    assert not back_pressure.ready
    back_pressure._handle_msg(acknowledged)
    assert not back_pressure.ready
    assert "BackPressure ignores what a browser sent" in caplog.text
    back_pressure._handle_msg(3)
    assert back_pressure.ready


def test_a_page_that_nobody_sees_is_sent_nothing() -> None:
    back_pressure, painted = BackPressure(), []
    back_pressure.on_painted = lambda: painted.append(True)
    back_pressure._handle_msg(0)
    back_pressure.count_frame()
    back_pressure._handle_msg("hidden")
    assert not back_pressure.ready
    painted.clear()
    back_pressure._handle_msg("visible")
    assert back_pressure.ready
    assert painted


@pytest.mark.parametrize("sent", [10**9, 10**400, -9, float("nan"), float("inf")])
def test_a_slider_goes_back_if_a_number_is_sent_that_it_cannot_show(sent: float) -> None:
    training = Training(learning_rate=0.1)
    slider = LogField(training, "learning_rate", -4, 1)
    slider.__panel__().value = sent
    assert (training.learning_rate, slider.__panel__().value) == (0.1, -1)


def test_a_brush_that_jumps_far_paints_a_few_points() -> None:
    brush = PointBrush(Points(), pytest.fail)
    brush.mode = "paint"
    brush.press((0, 0))
    before = len(brush._problem.own)
    brush.drag((1e9, -1e9))
    assert 0 < len(brush._problem.own) - before <= MAX_PLACES


def test_junk_is_logged_in_one_short_line(caplog: pytest.LogCaptureFixture) -> None:
    BackPressure()._handle_msg(["x\n" * 100_000] * 1000)
    (record,) = caplog.records
    assert len(record.getMessage()) < 300
    assert "\n" not in record.getMessage()
