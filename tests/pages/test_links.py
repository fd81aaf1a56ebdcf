"""Links without a browser: text to settings and back, whatever the text is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import panel as pn
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.app import App
from playground.pages.controls.fields.parameter_fields import setting_tag
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.lab import Lab
from playground.pages.links.hiding import CHROME, HEADER
from playground.pages.links.link import (
    MAX_LINK_LENGTH,
    Link,
    link_from_pairs,
    parse_link,
    query_string,
)
from playground.pages.links.points_setting import MAX_PACKED_POINTS, pack_points, unpack_points
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.pages.shell.layout_watch import watch_layout
from playground.pages.shell.notices import MAX_REMARKS, Notices
from playground.problems.gates import Gates
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import PointSnapshot
from playground.problems.points.points import OWN, Points
from playground.training.trainer import Trainer
from playground.training.training import Training
from tests.support.data.point_sets import point_set_of
from tests.support.data.saved_work import notice_html
from tests.support.data.shared_pages import SharedPages, lending_fixture
from tests.support.each_case import check_each
from tests.support.widgets import click, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

HIDDEN_CSS = "display: none !important"


lent_gates, lent_points = lending_fixture(GatesPage), lending_fixture(PointsPage)


@pytest.fixture
def new_gates() -> GatesPage:
    """Return a page that can be opened with any link."""
    return GatesPage()


@pytest.fixture(scope="module")
def open_page() -> Callable[[type[Lab[Any]]], Lab[Any]]:
    """Return a function that gives a page that was opened with an empty link."""

    @cache
    def open_once(kind: type[Lab[Any]]) -> Lab[Any]:
        page = kind()
        page.open(Link())
        return page

    return open_once


@pytest.fixture
def gates(open_page: Callable[[type[Lab[Any]]], Any]) -> GatesPage:
    """Return a page that was opened with an empty link, all settings as usual."""
    page: GatesPage = open_page(GatesPage)
    page.settings.apply(page.settings.defaults)
    bar(page).query = None
    return page


@pytest.fixture
def points(open_page: Callable[[type[Lab[Any]]], Any]) -> PointsPage:
    """Return a page that was opened with an empty link, all settings as usual."""
    page: PointsPage = open_page(PointsPage)
    page.settings.apply(page.settings.defaults)
    return page


def query(page: Page[Any, Any]) -> str:
    """What the address bar says, once it has been written."""
    page.write_address()
    return str(bar(page).query)


def bar(page: Page[Any, Any]) -> Any:
    (found,) = page.__panel__().select(lambda each: type(each).__name__ == "AddressBar")
    return found


def hidden_names(page: Any) -> set[str]:
    """Classes and tags of all that is hidden."""
    found = page.__panel__().select(
        lambda each: any(HIDDEN_CSS in str(s) for s in each.stylesheets)
    )
    return {name for each in found for name in (*each.css_classes, *each.tags)}


# Text of a link -----------------------------------------------------------------------------------


def test_a_link_is_read() -> None:
    link = parse_link("page=Points&hidden=8,8&features=x,sin+x&hide=training, curves,&embed")
    assert link == Link(
        "Points", {"hidden": "8,8", "features": "x,sin x"}, ("training", "curves"), embedded=True
    )


def test_a_link_is_written_as_people_read_it() -> None:
    link = Link("Points", {}, ("training", "curves"), embedded=True)
    texts = {"hidden": "8,8", "features": "x,sin x,x²", "activation": "ReLU", "stop": ""}
    assert query_string(link, texts) == (
        "page=Points&hidden=8,8&features=x,sin+x,x%C2%B2&activation=ReLU&stop="
        "&hide=training,curves&embed=1"
    )
    assert query_string(Link(), {}) == ""


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=30), max_size=9))
def test_what_is_written_is_read_again(texts: dict[str, str]) -> None:
    texts = {f"a{name}": value for name, value in texts.items()}
    link = Link("Points", texts, ("network",), embedded=True)
    assert parse_link(query_string(link, texts)) == link


@pytest.mark.fuzz
@given(st.text())
def test_any_text_is_a_link(query: str) -> None:
    link = parse_link(query)
    assert parse_link(query_string(link, link.values)).values == link.values


@pytest.mark.parametrize(
    "query",
    ["a=1?b=2", "%", "%ff%fe=%zz", "&&&==&=", "=", "?", "a" * 10**6, "&" * 10**6, "\ud800=1"],
)
def test_junk_is_a_link(query: str) -> None:
    assert isinstance(parse_link(query), Link)


def test_the_last_of_repeated_names_counts_and_a_remark_says_so() -> None:
    link = parse_link("hidden=8&hidden=<b>&gate=OR&gate=OR")
    assert link.values == {"hidden": "<b>", "gate": "OR"}
    (remark,) = link.remarks
    assert "“hidden” is there more than once" in remark


def test_of_a_giant_link_the_beginning_is_read() -> None:
    link = link_from_pairs([("gate", "AND"), ("x", "y" * 100_000), ("noise", "0.1")])
    assert link.values == {"gate": "AND"}
    assert f"{MAX_LINK_LENGTH:,}" in link.remarks[0]
    assert (
        len(parse_link("&".join(f"n{number}=1" for number in range(10**5))).values)
        < MAX_LINK_LENGTH
    )


def test_what_others_put_into_addresses_is_passed_over() -> None:
    assert parse_link("utm_source=mail&fbclid=x&theme=dark&bokeh-session-id=1") == Link()


# A page and its link ------------------------------------------------------------------------------

LINKS = [
    (
        GatesPage,
        "gate=OR&inputs_count=3&horizontal=C&pins=0,0.5,0,0&hidden=8,8&activation=ReLU&dark=true"
        "&noise=0.1&weight_seed=5&learning_rate=0.001&stop_epoch=40&log=true&tab=Summary&pace=none",
    ),
    (GatesPage, "gate=custom&table=0111&layer_activations=none,ReLU"),
    (PointsPage, "shape=plane&loss=Huber&features=x&hidden=&discretise=true&smoothing=0.5&pace=37"),
    (
        PointsPage,
        "shape=your+own&points=3~AAAAAAB__f_AAC&brush=paint&show_test=true&train_ratio=0.9",
    ),
    (
        DigitsPage,
        "corpus=KMNIST&model=own&own_channels=8,8&own_hidden=&readers=cnn&brush=5&untouched=0.25"
        "&rotate=20&batch_size=32&weight_seed=3&reading_tab=Why",
    ),
]


@pytest.mark.parametrize(("kind", "asked"), LINKS)
def test_a_link_gives_the_very_same_page(kind: type[Page[Any, Any]], asked: str) -> None:
    page = kind.from_link(parse_link(asked))
    assert notice_html(page) == ""
    link, values = query(page), page.settings.values()
    assert sorted(link.split("&")) == sorted(asked.split("&"))
    page.settings.apply(page.settings.defaults)
    assert page.settings.changed_values() == {}
    assert page.settings.apply_all(parse_link(link).values) == ()
    assert page.settings.values() == values
    # No link names a folder, or what the server computes with.
    assert not {"folder", "threads", "running", "back"} & values.keys()


def test_a_link_with_a_brush_says_itself_whether_test_points_are_shown(
    lent_points: PointsPage,
) -> None:
    page, usual = lent_points, lent_points.settings.defaults
    for shown in (False, True):
        page.settings.apply(usual)
        page.settings.apply(parse_link(f"brush=paint&show_test={str(shown).lower()}").values)
        assert (page.brush, page.show_test) == ("paint", shown)
        page.show_test = False
        page.brush = "move"
        assert page.show_test, "a person who takes up the brush sees all that it paints"
    page.settings.apply(usual)
    page.settings.apply(parse_link("brush=paint&brush_class=1").values)
    link = query_string(Link(), page.settings.as_texts())
    assert sorted(link.split("&")) == ["brush=paint", "brush_class=1"]


def test_an_address_is_short_while_all_is_usual(gates: GatesPage) -> None:
    assert bar(gates).query is None
    assert query(gates) == ""


def test_the_widgets_show_what_the_link_says(points: PointsPage) -> None:
    points.open(parse_link("hidden=5&pace=37&smoothing=0.5&discretise=on&loss=Huber&shape=plane"))
    assert widget(points, "Smoothing").value == 0.5
    assert widget(points, "Discretise").value is True
    assert points.heartbeat.frame.plan.widths == (5, 1)
    assert points.heartbeat.frame.regression
    assert "37 epochs/s" in [each.value for each in widgets(points) if hasattr(each, "options")]


def test_what_is_done_with_widgets_gets_into_the_address(gates: GatesPage) -> None:
    widget(gates, "Gate").value = "NAND"
    widget(gates, "Test data").value = True
    assert bar(gates).query == "gate=NAND&show_test=true"
    widget(gates, "Gate").value = "XOR"
    click(gates, "Light or dark")
    assert bar(gates).query == "dark=true&show_test=true"


def test_a_target_that_is_turned_gets_into_the_address(gates: GatesPage) -> None:
    click(gates, "1")
    assert query(gates) == "gate=custom&table=0010"


def test_a_page_without_a_link_leaves_the_address_alone(lent_gates: GatesPage) -> None:
    lent_gates.problem.gate = "OR"
    lent_gates.write_address()
    assert bar(lent_gates).query is None


# Hostile and outdated links -----------------------------------------------------------------------

MORE = ("points", "pace", "smoothing", "log", "brush", "tab", "dark", "hide", "embed", "page")
HOSTILE = (
    "gate=<img src=x onerror=alert(1)>&noise=7&hidden=8&<script>=1&learning_rate=nan"
    "&features=[[[[&pins=" + "1," * 5000 + "&inputs_count=1e400&table=01&hide=<b>,nothing"
)


def test_a_hostile_link_opens_with_the_nearest_state_and_says_so(new_gates: GatesPage) -> None:
    """Also embedded in another page, without its chrome."""
    gates = new_gates
    gates.open(parse_link(f"{HOSTILE}&embed=1"))
    assert gates.settings.changed_values() == {"noise": 0.5, "hidden": [8]}
    assert "<img" not in notice_html(gates)
    assert "&lt;img src=x" in notice_html(gates)
    assert "more like that" in notice_html(gates)
    assert {f"pg-{name}" for name in CHROME if name != "nav"} <= hidden_names(gates)
    assert "pg-transport" not in hidden_names(gates)


def test_unknown_names_are_reported(new_gates: GatesPage) -> None:
    gates = new_gates
    gates.open(parse_link("gait=OR&hide=curvs,curves"))
    assert "This page has no setting called “gait”." in notice_html(gates)
    assert "nothing to hide that is called “curvs”." in notice_html(gates)
    assert query(gates) == "hide=curvs,curves"


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from([GatesPage, PointsPage]),
    pairs=st.dictionaries(
        st.sampled_from([*Gates.param, *Points.param, *Architecture.param, *Training.param, *MORE])
        | st.text(),
        st.text()
        | st.integers().map(str)
        | st.floats().map(str)
        | st.lists(st.integers(-1, 40)).map(lambda each: ",".join(map(str, each))),
        max_size=12,
    ),
)
def test_no_link_keeps_a_page_from_opening(
    shared_pages: SharedPages, kind: type[Page[Any, Any]], pairs: dict[str, str]
) -> None:
    page = kind.from_link(link_from_pairs([*pairs.items()]))
    with shared_pages.lend(kind) as again:
        again.settings.apply(parse_link(query(page)).values)
        assert again.settings.values() == page.settings.values()


# Notices ------------------------------------------------------------------------------------------


def test_notices_are_escaped_and_closed() -> None:
    notices = Notices()
    notices.fail("<b>Training</b> stopped")
    notices.remark("<i>one</i>", "two")
    notices.remark("two", "three", "four", "five")
    assert "&lt;b&gt;Training" in text(notices)
    assert "&lt;i&gt;one" in text(notices)
    assert text(notices).count("<p>") == MAX_REMARKS + 1
    assert "And 2 more like that." in text(notices)
    click(notices, "Close")
    row = notices.__panel__()[-1]
    assert not row.visible
    notices.remark("six")
    assert row.visible
    assert "one" not in text(notices)
    notices.fail("")
    assert "stopped" not in text(notices)


# Hiding -------------------------------------------------------------------------------------------


def test_what_is_hidden_by_name_stays_so_and_goes_on_working(new_gates: GatesPage) -> None:
    gates, names = new_gates, "training,curves,noise,pace,weight_seed,horizontal,keep"
    assert hidden_names(gates) == set()
    gates.open(parse_link(f"hide={names}"))
    found = hidden_names(gates)
    assert {"pg-training", "pg-curves", "pg-keep", "Gates.noise", "Heartbeat.pace"} <= found
    assert "Architecture.seed" in found
    assert not {"pg-problem", "pg-network", "Gates.gate", "pg-theme"} & found
    assert notice_html(gates) == ""
    (main,) = gates.__panel__().select(lambda each: "pg-main" in each.css_classes)
    assert {"pg-some", "pg-no-training", "pg-no-curves"} <= set(main.css_classes)
    assert "pg-no-side" not in main.css_classes
    gates.problem.inputs_count = 4
    gates.problem.horizontal = "C"
    assert "Gates.horizontal" in hidden_names(gates)
    assert query(gates) == f"inputs_count=4&horizontal=C&hide={names}"


def test_every_part_of_the_header_is_hidden_by_name(new_gates: GatesPage) -> None:
    gates = new_gates
    gates.open(Link(hidden=HEADER))
    assert notice_html(gates).count("nav") == 1, "only the app has a choice of pages"
    assert {f"pg-{name}" for name in HEADER if name != "nav"} <= hidden_names(gates)
    (main,) = gates.__panel__().select(lambda each: "pg-main" in each.css_classes)
    assert "pg-some" not in main.css_classes, "all cards are there"


def test_the_page_itself_knows_what_can_be_hidden(shared_pages: SharedPages) -> None:
    for kind in (GatesPage, PointsPage):
        names = shared_pages.peek(kind).hideable
        assert {"problem", "training", "network", "boundary", "curves", "details"} <= set(names)
        assert {"transport", "learning_rate", "hidden"} - set(names) == {"hidden"}
    page = PointsPage.from_link(Link(hidden=names))
    assert notice_html(page) == ""


def test_a_control_is_found_by_its_tag() -> None:
    assert setting_tag(Points(), "noise") == "Points.noise"


def test_a_watched_layout_tells_of_later_elements() -> None:
    seen: list[object] = []
    inner, late = pn.Column(), pn.widgets.Button(name="late")
    page = pn.Column(inner, pn.Tabs(("a", pn.Row())))
    watch_layout(page, seen.append)
    inner.append(pn.Row(late))
    assert seen.count(late) == 1
    inner.append(pn.Spacer())
    assert seen.count(late) == 1
    assert page in seen


def test_widgets_that_come_late_take_effect_at_once(lent_gates: GatesPage) -> None:
    gates = lent_gates
    gates.problem.inputs_count = 3  # the truth table is built anew
    slow = [each.name for each in widgets(gates) if "value" not in each._priority_changes]
    assert not slow


# The app ------------------------------------------------------------------------------------------


def test_the_app_opens_the_page_that_the_link_is_about() -> None:
    app = App.from_link(parse_link("page=points&shape=spiral&hide=curves&dark=true"))
    assert app.page == "Points"
    assert app.dark
    page = app._built["Points"]
    assert query(page) == "page=Points&dark=true&shape=spiral&hide=curves"


def test_other_pages_of_the_app_carry_on_what_is_hidden() -> None:
    app = App.from_link(parse_link("gate=OR&hide=curves,gate&embed=1&dark=true"))
    app.page = "Points"
    page = app._built["Points"]
    assert bar(page).query == (
        "page=Points&dark=true&shape=spiral&noise=0&split=exact&hidden=6&weight_seed=3&hide=curves,gate&embed=1"
    ), "it opens on what the app opens on"
    assert {"pg-curves", "pg-brand"} <= hidden_names(page)
    assert notice_html(page) == ""
    app.page = "Gates"
    assert bar(app._built["Gates"]).query == (
        "page=Gates&dark=true&gate=OR&hide=curves,gate&embed=1"
    )


def test_an_address_without_a_link_shows_a_spiral() -> None:
    app = App.from_link(parse_link("utm_source=x"))
    points = app._built["Points"]
    assert (app.page, points.shape, points.pace) == ("Points", "spiral", 10)
    assert query(points) == "page=Points&shape=spiral&noise=0&split=exact&hidden=6&weight_seed=3"


@pytest.mark.parametrize("asked", ["gate=OR", "hidden=3", "dark=true", "embed", "hide=curves"])
def test_a_link_without_a_page_is_about_gates_as_ever(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(App, "_show", lambda app: None)  # no page is built
    assert App.from_link(parse_link(asked)).page == "Gates"


def test_a_missing_page_is_reported() -> None:
    app = App.from_link(parse_link("page=<b>Chess"))
    assert app.page == "Points"
    said = notice_html(app._built["Points"])
    pages = "Gates, Points, Digits, Your data, Compare"
    assert f"There is no page “&lt;b&gt;Chess”; there are {pages}." in said


def test_an_app_without_a_link_has_no_address() -> None:
    app = App()
    app._built["Points"].problem.shape = "spiral"
    assert bar(app._built["Points"]).query is None


# Points of one's own ------------------------------------------------------------------------------


@st.composite
def snapshots(draw: st.DrawFn) -> PointSnapshot:
    count = draw(st.integers(0, 50))
    names = draw(
        st.sampled_from([(), ("0", "1"), ("0", "1", "2", "3", "4", "5")])
        | st.lists(st.text(min_size=1), min_size=2, max_size=6, unique=True).map(tuple)
    )
    x = draw(arrays(np.float32, (count, 2), elements=st.floats(-6, 6, width=32)))
    share = draw(arrays(np.float64, count, elements=st.floats(0, 1, exclude_max=True)))
    if names:
        y = draw(arrays(np.int64, count, elements=st.integers(0, len(names) - 1)))
    else:
        y = draw(arrays(np.float32, count, elements=st.floats(-1, 1, width=32)))
    return PointSnapshot(x, y, share, names)


@given(snapshots())
def test_packed_points_are_nearly_the_same_and_then_exactly(points: PointSnapshot) -> None:
    once = unpack_points(pack_points(points))
    assert once.names == points.names
    np.testing.assert_allclose(once.x, points.x, atol=6 / 4095 + 1e-6)
    np.testing.assert_allclose(once.split_key, points.split_key, atol=1 / 8192 + 1e-9)
    np.testing.assert_allclose(once.y, points.y, atol=0 if points.names else 1 / 4095 + 1e-6)
    twice = unpack_points(pack_points(once))
    for name in ("x", "y", "split_key"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(once, name))


@pytest.mark.fuzz
@given(st.text() | st.from_regex(r"([2-6]|value|a,b)~[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_any_text_is_points_or_refused(text: str) -> None:
    try:
        points = unpack_points(text)
    except ValueError:
        return
    PointSet().replace_all(points)
    PointSet(points).add(points.x, points.y)
    assert unpack_points(pack_points(points)).names == points.names


def test_a_thousand_points_fit_into_a_link(points: PointsPage, lent_points: PointsPage) -> None:
    points.problem.count = 1000
    points.problem.adopt()
    link = query(points)
    assert len(link) < 7200
    other = lent_points
    assert other.settings.apply(parse_link(link).values) == ()
    split, again = points.problem.samples(), other.problem.samples()
    np.testing.assert_allclose(again.train.x, split.train.x, atol=0.002)
    np.testing.assert_array_equal(again.train.y, split.train.y)
    np.testing.assert_array_equal(again.test.y, split.test.y)


def test_more_points_than_a_link_holds_are_reported(
    points: PointsPage, lent_points: PointsPage
) -> None:
    points.problem.count = MAX_PACKED_POINTS + 1
    points.problem.adopt()
    assert query(points).endswith("&points=1001")
    (sentence, *_others) = lent_points.settings.apply(parse_link(query(points)).values)
    assert "about 1001 points of somebody" in sentence
    assert lent_points.problem.shape == "circle"


def test_points_are_in_the_address_only_while_they_are_learned(points: PointsPage) -> None:
    points.problem.adopt(point_set_of(points.problem.samples().test[:3]))
    assert "points=2~" in query(points)
    points.problem.own.add((1, 1), 0)
    points.problem.param.trigger("shape")
    assert len(query(points).split("~")[1]) == 4 * 7
    points.problem.shape = "spiral"
    assert query(points) == "shape=spiral&split=exact"


def test_a_link_of_before_learns_from_the_points_of_then_and_others_exactly(
    points: PointsPage,
) -> None:
    """Versions before the mark "split" learned from 199 of 400 points where half are asked for."""
    split = points.problem.samples
    points.split = "exact"
    assert (query(points), len(split().train)) == ("split=exact", 200)
    points.settings.apply_all(parse_link("shape=circle").values)
    assert (query(points), len(split().train)) == ("", 199)
    points.noise = 0.2
    assert (query(points), len(split().train)) == ("noise=0.2", 199)
    points.count = 250
    assert (query(points), len(split().train)) == ("count=250&noise=0.2&split=exact", 125)
    points.problem.adopt()  # Each stays a training or a test point.
    assert len(split().train) == 125
    points.shape, points.train_ratio = "circle", 0.4  # Here there is no difference.
    assert (query(points), len(split().train)) == ("count=250&noise=0.2&train_ratio=0.4", 100)


def test_what_are_no_points_is_refused(lent_points: PointsPage) -> None:
    points = lent_points

    def check_refused(given: object) -> None:
        (sentence,) = points.settings.apply({"points": given})
        assert "“points” can't be" in sentence
        assert points.problem.shape != OWN

    wrong = ["12345678", "3~AAA", "13~", "1~", "2~AAAAAAC", "a,a~", "x~", 5]
    check_each(check_refused, zip(wrong, strict=True))


def test_a_table_of_the_wrong_size_is_refused(lent_gates: GatesPage) -> None:
    gates = lent_gates
    (sentence,) = gates.settings.apply({"gate": "custom", "table": "010"})
    assert "3 answers were given" in sentence
    assert gates.settings.apply({"table": "1000"}) == ()
    assert gates.problem.table == (1, 0, 0, 0)


def test_a_count_of_points_is_an_error_of_the_link(lent_points: PointsPage) -> None:
    with pytest.raises(InputError, match="1,000 is the most"):
        dict(lent_points.settings.items())["points"].assign("5000")


# A little later -----------------------------------------------------------------------------------


def test_the_address_is_written_once_for_several_changes(
    gates: GatesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[Callable[[], None]] = []
    document = SimpleNamespace(add_timeout_callback=lambda call, _delay: later.append(call))
    monkeypatch.setattr(gates._link_sync, "_document", document)
    gates.problem.gate = "OR"
    gates.problem.noise = 0.1
    assert bar(gates).query is None
    (write,) = later
    write()
    assert bar(gates).query == "gate=OR&noise=0.1"
    gates.problem.noise = 0.2
    assert len(later) == 2, "and again after the next change"


def test_a_page_begins_with_the_weights_of_its_own_seed() -> None:
    choices = {"hidden": [8, 8], "features": ["A", "B"]}
    drawn = Trainer(Gates(gate="XOR"), Architecture(seed=3, **choices)).frame()
    for page in (
        GatesPage.from_link(parse_link("hidden=8,8&weight_seed=3")),
        GatesPage(hidden=[8, 8], weight_seed=3),
    ):
        for layer, expected in zip(page.trainer.frame().layers, drawn.layers, strict=True):
            np.testing.assert_array_equal(layer.weight, expected.weight)
