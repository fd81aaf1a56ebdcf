"""A patch of Panel that finds the style sheets of a class of components once for each page.

Nothing is patched on import: `patch_style_sheets` acts where pages are served.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from bokeh.document import Document
from panel.reactive import Reactive
from panel.theme import Design

from playground.serving.patches.known_code import KnownCode, is_unchanged
from playground.serving.patches.value_checks import CheckedList

find_properties = Reactive._get_properties
"""Panel's own way to the values of a component's model."""

KNOWN: KnownCode = (
    (find_properties, "3eef4d0a2483"),
    (Reactive._process_param_change, "82d662d3599c"),
    (Design.params, "8557b3242767"),
)

_sheets: WeakKeyDictionary[Document, dict[object, CheckedList]] = WeakKeyDictionary()
"""Of each page: the style sheets of components that have none of their own, by class and design."""


@cache
def patch_style_sheets() -> None:
    """Patch Panel, once, if it is as it was when this was written.

    Panel puts the same ten models of style sheets together for each component, and Bokeh checks
    each of them again. Example: a hundred times `pn.Column(design=...).get_root(document)`; of the
    time to open a page it was a tenth.
    """
    if is_unchanged(KNOWN):
        Reactive._get_properties = properties_of  # type: ignore[method-assign, assignment]


def properties_of(component: Reactive, doc: Document | None) -> dict[str, Any]:
    """Return the values with which a component is rendered; stands in for `_get_properties`."""
    design = component._design
    if doc is None or not design or component.stylesheets:
        return find_properties(component, doc)
    modifiers, _ = design._get_modifiers(component, theme=design.theme)
    if [*modifiers] != ["stylesheets"]:
        return find_properties(component, doc)
    sheets, key = _sheets.setdefault(doc, {}), (type(component), design)
    if key not in sheets:
        properties = find_properties(component, doc)
        sheets[key] = CheckedList(properties["stylesheets"])
        return properties
    values = component._init_params()
    values.pop("stylesheets", None)
    properties = component._process_param_change(values)
    properties["stylesheets"] = sheets[key]
    return properties
