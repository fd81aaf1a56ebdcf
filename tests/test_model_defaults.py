"""Bokeh's defaults are the same whether they are worked out each time or remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import panel as pn
from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import AliasPropertyDescriptor, PropertyDescriptor
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import Button, Slider
from bokeh.themes import Theme

from playground.serving import model_defaults
from playground.serving.model_defaults import remember_defaults

# As Bokeh has them, whether they are patched by now or not.
WORK_OUT = model_defaults._instance_default
IS_UNSTABLE = model_defaults._has_unstable_default


def all_properties() -> Iterator[tuple[HasProps, PropertyDescriptor[Any]]]:
    """Yield each property of each class of models, with a model that has no values yet."""
    pn.extension()  # Panel's models count as well
    for cls in Model.model_class_reverse_map.values():
        for name in cls.properties():
            model = cls.__new__(cls)
            model._property_values, model._unstable_default_values = {}, {}
            model._unstable_themed_values = {}
            descriptor = cls.lookup(name)
            if not isinstance(descriptor, AliasPropertyDescriptor):
                yield model, descriptor


def text(value: object) -> str:
    """A default as text, without the id of a new model."""
    return f"{type(value)} {value!r}".split("(id=")[0]


def test_defaults_of_all_models_are_those_that_bokeh_works_out() -> None:
    remember_defaults()
    seen = 0
    for model, descriptor in all_properties():
        case = f"{type(model).__name__}.{descriptor.name}"
        assert descriptor.has_unstable_default(model) == IS_UNSTABLE(descriptor, model), case
        expected = text(WORK_OUT(descriptor, model))
        # Worked out at first, remembered afterwards.
        assert text(descriptor.instance_default(model)) == expected, case
        assert text(descriptor.instance_default(model)) == expected, case
        seen += 1
    assert seen > 5000


def test_models_share_no_default_that_can_change() -> None:
    remember_defaults()
    first, second = Button(), Button()
    first.tags.append("mine")
    assert second.tags == []
    assert Button().tags == []


def test_a_theme_changes_defaults_and_its_end_changes_them_back() -> None:
    remember_defaults()
    document = Document()
    plain, given = Slider(start=0, end=9, value=1), Slider(start=0, end=9, value=1, step=2)
    assert plain.step == 1
    document.theme = Theme(json={"attrs": {"Slider": {"step": 7}}})
    document.add_root(plain)
    document.add_root(given)
    assert (plain.step, given.step, Slider().step) == (7, 2, 1)  # the last is in no document
    sent = [each["attributes"].get("step") for each in document.to_json(deferred=False)["roots"]]
    assert sent == [7, 2]
    document.theme = Theme(json={})
    assert plain.step == 1
