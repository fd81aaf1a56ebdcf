"""Models of Bokeh that cost less: they begin with the very values that Bokeh looks up."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

import bokeh.plotting
import pytest
from bokeh.core.property.descriptors import UnsetValueError
from bokeh.core.property.override import Override
from bokeh.model import Model
from bokeh.models import Column, ColumnDataSource, CustomJS, Div, Plot, Range1d

from playground.serving.patches.component_speedups import (
    references,
    visit_all,
    visit_any,
    visit_set_values,
)
from playground.serving.patches.model_defaults import (
    find_default,
    keep_defaults,
    values_of,
    values_that_are_set,
)
from playground.serving.patches.value_checks import patch_checks, prepare, prepare_once
from playground.serving.patches.value_containers import patch_containers


@pytest.fixture(autouse=True)
def kept_defaults() -> None:
    keep_defaults()


def default(look_up: Any, descriptor: Any, model: Model) -> object:
    """A default that Bokeh finds, or that there is none; of a model, its class."""
    try:
        found = look_up(descriptor, model)
    except UnsetValueError:
        return UnsetValueError
    return type(found) if isinstance(found, Model) or callable(found) else (type(found), str(found))


def models() -> Iterator[Model]:
    """A model of each class of Bokeh's that can be made without arguments."""
    for name, kind in sorted(Model.model_class_reverse_map.items()):
        if kind.__module__.startswith("bokeh.models") and "." not in name:
            try:
                yield kind()
            except (DeprecationWarning, NotImplementedError, RuntimeError, TypeError, ValueError):
                continue  # abstract, or with something that has to be given


def test_every_default_is_the_one_that_bokeh_looks_up() -> None:
    checked = 0
    for model in models():
        for descriptor in (model.lookup(name) for name in model.properties()):
            if descriptor.name in model._property_values or hasattr(descriptor, "aliased_name"):
                continue
            for _ in range(2):  # found, and kept
                found = default(type(descriptor)._get_default, descriptor, model)
                assert found == default(find_default, descriptor, model), (model, descriptor.name)
            checked += 1
    assert checked > 9_000


def test_what_can_be_changed_is_not_shared() -> None:
    column, other = Column(), Column()
    column.children.append(Div())
    assert other.children == []
    plot, another = Plot(), Plot()
    assert plot.toolbar is plot.toolbar is not another.toolbar
    code, more = CustomJS(), CustomJS()
    assert not {"args", "tags"} & code._unstable_default_values.keys(), "made before it is read"
    code.args["a"] = 1
    assert more.args == {}
    assert code.properties_with_values(include_defaults=False) == {"args": {"a": 1}}


def test_what_is_sent_of_a_model_is_what_bokeh_sends() -> None:
    is_sent = attrgetter("serialized")
    figure = bokeh.plotting.figure(title="t", tags=["a"])
    figure.scatter([1, 2], [3, 4]).on_event("tap", lambda: None)
    for model in (*models(), *figure.references()):
        try:
            sent = values_of(model, is_sent, include_defaults=False)
        except UnsetValueError:
            continue  # A property that has to be given.
        assert values_that_are_set(model, is_sent, include_defaults=False) == sent, type(model)


def test_a_theme_comes_before_a_default_and_goes_again() -> None:
    themed, plain = Div(), Div()
    assert (themed.text, themed.render_as_text, plain.text) == ("", False, "")
    themed.apply_theme({"text": "of the theme"})
    assert (themed.text, plain.text) == ("of the theme", "")
    assert not themed.render_as_text
    themed.apply_theme({})
    assert themed.text == ""


def test_a_class_has_defaults_of_its_own() -> None:
    class Half(Range1d):
        end = Override(default=0.5)

    assert (Range1d().end, Half().end, Range1d().end) == (1, 0.5, 1)


def test_what_a_model_refers_to_is_what_bokeh_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "visit_value_and_its_immediate_references", visit_any)
    figure = bokeh.plotting.figure(x_axis_type="datetime")
    figure.scatter([1, 2], [3, 4]).js_on_change(
        "visible", CustomJS(args={"of": Range1d()}, code="")
    )
    for model in (*models(), *figure.references()):
        found: dict[Any, list[Model]] = {visit_all: [], visit_set_values: []}
        for visit, seen in found.items():
            try:
                visit(model, seen.append)
            except UnsetValueError:
                assert visit is visit_all, "a property that has to be given"
                break
        else:
            assert found[visit_set_values] == found[visit_all], type(model)


CHECKED = "width", "visible", "sizing_mode", "styles", "fill_color", "level", "icon"
CHECKED_LISTS = "css_classes", "palette"


def test_values_are_checked_as_bokeh_checks_them() -> None:
    patch_checks()
    values = (True, 1, "1", None, "rgb", "#fff", "red", 3, -1, "stretch_both", "x" * 50, ())
    lists: Any = [["red"], ["red", "#fff"], ["red", 3], ["red", "nonsense"], [True], []]
    for model in [*models()][::6]:
        for name in (*CHECKED, *CHECKED_LISTS):
            if descriptor := type(model).lookup(name, raises=False):
                for value in (*values, *lists, *values, *lists):  # checked, and kept
                    by_bokeh = prepared(prepare, descriptor, model, value)
                    assert prepared(prepare_once, descriptor, model, value) == by_bokeh
    column = Column(css_classes=[], styles={}, width=3)
    assert column._property_values == {"width": 3}
    assert column._unstable_default_values == {}
    assert column.css_classes == []


def prepared(prepare_value: Any, descriptor: Any, model: Model, value: object) -> object:
    """What a value becomes, with its type; the error where it is refused."""
    try:
        found = prepare_value(descriptor.property, model, descriptor.name, value)
    except ValueError as error:
        return str(error)
    return type(found) if isinstance(found, Model) else (type(found), found)


def test_containers_tell_all_models_whose_value_they_are_of_changes() -> None:
    patch_containers()
    one, other, changes = Div(css_classes=["a"]), Div(), []
    shared, source = one.css_classes, ColumnDataSource({"x": [1]})
    other.css_classes = shared
    for model, name in ((one, "css_classes"), (other, "css_classes"), (source, "data")):
        model.on_change(name, lambda _name, _old, new: changes.append(list(new)))
    shared.append("b")
    assert changes == [["a", "b"], ["a", "b"]]
    one.css_classes = []
    shared.append("c")
    assert changes[2:] == [[], ["a", "b", "c"]]
    source.data["y"] = [2]
    assert changes[4:] == [["x", "y"]]
    assert not any(vars(each) for each in (shared, source.data)), "nothing is left of Bokeh's sets"
