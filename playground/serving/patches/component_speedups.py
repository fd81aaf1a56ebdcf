"""Patches of Panel and Bokeh that make the components of a page cheaper to make and to render.

Each names the smallest example that shows the cost. Nothing is patched on import:
`patch_components` acts where pages are served.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.model import Model
from bokeh.model import util as references
from panel.layout.base import ListLike
from panel.pane.base import PaneBase
from panel.reactive import Reactive
from panel.viewable import Layoutable

Visit = Callable[[Model], None]
Pane = Any
"""A `PaneBase`, with attributes that it does not declare."""

visit_all = references.visit_immediate_value_references
"""Bokeh's own walk through what a model refers to."""


@cache
def patch_components() -> None:
    """Patch Panel and Bokeh, once."""
    references.visit_immediate_value_references = visit_set_values  # type: ignore[assignment]
    Reactive._init_params = initial_values  # type: ignore[assignment, method-assign]
    PaneBase.__init__ = begin_without_layout  # type: ignore[assignment, method-assign]
    PaneBase.layout = property(layout_of, set_layout)


def visit_set_values(value: object, visit: Visit) -> None:
    """Visit all models that a value refers to directly.

    Bokeh looks up the defaults of all properties that are not set, each time that a document's
    models change; those that can be models or hold some are made with a model. Example: of
    `figure().references()` that takes two thirds.
    """
    if not isinstance(value, HasProps) or "__themed_values__" in value.__dict__:
        visit_all(value, visit)
        return
    for name in value.properties_with_refs():
        for values in (value._property_values, value._unstable_default_values):
            if name in values:
                references.visit_value_and_its_immediate_references(values[name], visit)
                break


def initial_values(component: Reactive) -> dict[str, Any]:
    """Return the parameters that a component is rendered with.

    Panel makes the list of a component's parameters anew for each of them. Example: rendering a
    hundred times `pn.Column()` makes 2,400 such lists.
    """
    names = component._synced_params
    values = {name: getattr(component, name) for name in component.param if name in names}
    return {name: value for name, value in values.items() if value is not None}


def begin_without_layout(pane: Pane, object: object = None, **params: Any) -> None:
    """Make a pane without the row around it, which `layout_of` makes when it is asked for.

    Panel makes one for each pane. It is shown around a pane that is all that is shown, and only
    around one that is rendered anew when its object changes. Example: making a hundred times
    `pn.pane.HTML("")` takes twice as long with it.
    """
    pane._object_changing = False
    super(PaneBase, pane).__init__(object=object, **params)
    if not hasattr(pane, "_internal_callbacks"):
        pane._internal_callbacks = []
    choices = params if pane._applies_kw else {}
    if pane.applies(pane.object, **choices) is False and pane.object is not None:
        pane._type_error(pane.object)
    pane._layout_params = {
        name: value
        for name, value in params.items()
        if name in Layoutable.param and name not in pane._skip_layoutable
    }


def layout_of(pane: Pane) -> ListLike:
    """Return the row around a pane."""
    if not _is_made_before(pane) and "_layout" not in pane.__dict__:
        set_layout(pane, pane.default_layout(pane, **pane._layout_params))
        pane._sync_layoutable()
    layout: ListLike = pane.__dict__["layout" if _is_made_before(pane) else "_layout"]
    return layout


def set_layout(pane: Pane, layout: ListLike) -> None:
    """Put something around a pane, which is as large as the pane from now on."""
    if _is_made_before(pane):
        pane.__dict__["layout"] = layout
        return
    if "_layout" not in pane.__dict__:
        watcher = pane.param.watch(pane._sync_layoutable, list(Layoutable.param))
        pane._internal_callbacks.append(watcher)
    pane._layout = layout


def _is_made_before(pane: Pane) -> bool:
    """Return whether Panel itself made a pane, as in another app before it shows a page."""
    return "layout" in pane.__dict__
