"""What cannot be seen at first has no models until it is shown, and then keeps them."""

from __future__ import annotations

import asyncio
from functools import partial

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.model import Model

from playground.pages.controls import deferred
from playground.pages.controls.deferred import Deferred, DeferredColumn, DeferredRow
from playground.pages.controls.fields.parameter_fields import collapsed_card, field
from playground.pages.controls.notes import Notes
from playground.pages.design import PageDesign
from playground.pages.links.link import parse_link
from playground.pages.links.link_sync import LinkSync
from playground.pages.shell.layout_watch import watch_layout
from playground.pages.shell.loop_steps import in_steps
from playground.pages.shell.notices import Notices
from playground.settings import Settings
from playground.training.training import Training
from tests.support.servers.socket_client import wait_until


def widgets_below(root: Model) -> list[str]:
    return sorted(each.label for each in root.select({"type": pn.widgets.Button._widget_type}))


@pytest.mark.parametrize("kind", [DeferredColumn, DeferredRow])
def test_content_is_rendered_with_the_first_time_that_it_is_visible(kind: type[Deferred]) -> None:
    box = kind(pn.widgets.Button(label="a"), visible=False)
    root = box.get_root(Document())
    assert widgets_below(root) == []
    box.visible = True
    assert widgets_below(root) == ["a"]
    first = root.children[0]
    box.visible = False
    box.visible = True
    assert root.children == [first]


def test_content_that_is_shown_before_it_is_rendered_is_there_at_once() -> None:
    box = DeferredColumn(pn.widgets.Button(label="a"), visible=False)
    box.visible = True
    assert widgets_below(box.get_root(Document())) == ["a"]


def test_content_can_be_named_and_hidden_before_it_is_rendered() -> None:
    box = DeferredColumn(pn.Row(pn.widgets.Button(label="a")), visible=False)
    names: list[str] = []
    watch_layout(pn.Column(box), lambda each: names.append(getattr(each, "label", "")))
    assert names.count("a") == 1
    [target] = box.select(pn.widgets.Button)
    target.disabled = True
    box.get_root(Document())
    box.visible = True
    assert names.count("a") == 1


def test_a_fold_is_rendered_when_it_is_opened() -> None:
    fold = collapsed_card("More", pn.widgets.Button(label="a"))
    root = fold.get_root(Document())
    assert widgets_below(root) == []
    fold.collapsed = False
    assert widgets_below(root) == ["a"]
    fold.collapsed = True
    assert widgets_below(root) == ["a"]


def test_what_a_function_makes_is_made_when_it_is_first_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[pn.widgets.Button] = []

    def make() -> list[pn.widgets.Button]:
        made.append(pn.widgets.Button(label=f"number {len(made)}"))
        return made[-1:]

    collapsed_card("Without a browser", make=make)
    assert len(made) == 1
    monkeypatch.setattr(deferred, "browser_session", object)
    fold = collapsed_card("More", make=make)
    root = fold.get_root(Document())
    for fold.collapsed in (True, False, True, False):
        assert len(made) == 1 + (not fold.collapsed or bool(widgets_below(root)))
    assert widgets_below(root) == ["number 1"]
    assert made[1].design is PageDesign


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")  # of what Panel makes itself
def test_a_link_hides_what_is_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deferred, "browser_session", object)
    training, made = Training(), []

    def make() -> list[pn.widgets.Widget]:
        made.append(field(training, "engine"))
        return made

    main = pn.Column(collapsed_card("More", make=make))
    sync = LinkSync(Settings(training), Notices(), main)
    watch_layout(main, sync.register)
    sync.open(parse_link(""))
    sync.report_unknown_names()
    assert made == []
    sync.open(parse_link("hide=engine"))
    sync.report_unknown_names()
    [hidden] = made
    assert any("display: none" in str(sheet) for sheet in hidden.stylesheets)


def test_the_hint_where_notes_may_come_is_rendered_from_the_start() -> None:
    shown, empty = (Notes("network", hint=hint).__panel__().get_root() for hint in ("Hint", ""))
    assert shown.children
    assert not empty.children


def test_others_are_answered_between_the_steps_of_long_work() -> None:
    done: list[str] = []

    async def work() -> None:
        in_steps([partial(done.append, each) for each in "abc"])
        asyncio.get_running_loop().call_soon(done.append, "other")
        await wait_until(lambda: len(done) >= 4)

    asyncio.run(work())
    assert done == ["a", "b", "other", "c"]
    in_steps([partial(done.append, "all at once")])
    assert done[-1] == "all at once"
