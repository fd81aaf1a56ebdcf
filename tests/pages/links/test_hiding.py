"""Parts of a page that a link hides, and the notices about links."""

from __future__ import annotations

import panel as pn
import pytest

from playground.pages.controls.fields.parameter_fields import setting_tag
from playground.pages.gates import GatesPage
from playground.pages.links.hiding import HEADER
from playground.pages.links.link import (
    Link,
    parse_link,
)
from playground.pages.points import PointsPage
from playground.pages.shell.layout_watch import watch_layout
from playground.pages.shell.notices import MAX_REMARKS, Notices
from playground.problems.points.points import Points
from tests.support.data.link_pages import hidden_names, query
from tests.support.data.saved_work import notice_html
from tests.support.data.shared_pages import SharedPages
from tests.support.widgets import click, text, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
# Notices ----------------------------------------------------------------------------------------


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


# Hiding -----------------------------------------------------------------------------------------


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
