"""Links: what they say, and how a page follows them and its address the page."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.networks.architecture import Architecture
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.links.hiding import CHROME
from playground.pages.links.link import (
    MAX_LINK_LENGTH,
    Link,
    link_from_pairs,
    parse_link,
    query_string,
)
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.problems.gates import Gates
from playground.problems.points.points import Points
from playground.training.trainer import Trainer
from playground.training.training import Training
from tests.support.data.link_pages import bar, hidden_names, query
from tests.support.data.saved_work import notice_html
from tests.support.data.shared_pages import SharedPages
from tests.support.widgets import click, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
# Text of a link ---------------------------------------------------------------------------------


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


# A page and its link ----------------------------------------------------------------------------


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


# Hostile and outdated links ---------------------------------------------------------------------


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


# A little later ---------------------------------------------------------------------------------


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
