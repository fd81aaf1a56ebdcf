"""Patches of Panel and Bokeh that make the components of a page cheaper to make and to render.

Each names the smallest example that shows the cost. Nothing is patched on import:
`patch_components` acts where pages are served.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from bokeh.core.has_props import HasProps
from bokeh.model import Model
from bokeh.model import util as references
from panel.layout import Column
from panel.layout.base import ListLike
from panel.links import Callback
from panel.pane.base import PaneBase
from panel.reactive import Reactive
from panel.viewable import Layoutable, Viewable

from playground.serving.giving_way import give_way
from playground.serving.patches.known_code import KnownCode, is_unchanged

Visit = Callable[[Model], None]
Pane = Any
"""A `PaneBase`, with attributes that it does not declare."""

visit_all = references.visit_immediate_value_references
"""Bokeh's own walk through what a model refers to."""
visit_any = references.visit_value_and_its_immediate_references
"""The same, of any value."""
PLAIN = frozenset({int, float, str, bool, bytes, type(None), np.ndarray})
"""Types of values that refer to no model."""

SCROLLING = ("auto_scroll_limit", "scroll", "scroll_button_threshold", "view_latest")
"""Parameters of columns that no page sets or watches."""

link_all = Callback._process_callbacks
"""What Panel does about links, in JavaScript, when the content of a page changes."""

KNOWN: KnownCode = (
    (visit_all, "94591d886aac"),
    (visit_any, "e018cc948291"),
    (link_all, "986ced5addb7"),
    (Reactive._init_params, "3c20aeeded14"),
    (PaneBase.__init__, "e183ce8d27dd"),
)


@cache
def patch_components() -> None:
    """Patch Panel and Bokeh, once, if they are as they were when this was written."""
    if not is_unchanged(KNOWN):
        return
    references.visit_immediate_value_references = visit_set_values  # type: ignore[assignment]
    references.visit_value_and_its_immediate_references = visit_value  # type: ignore[assignment]
    hooks: list[Any] = Viewable._preprocessing_hooks
    hooks[:] = [link_added if each == link_all else each for each in hooks]
    Callback._process_callbacks = link_added  # type: ignore[method-assign, assignment]
    Reactive._init_params = initial_values  # type: ignore[assignment, method-assign]
    PaneBase.__init__ = begin_without_layout  # type: ignore[assignment, method-assign]
    PaneBase.layout = property(layout_of, set_layout)


@cache
def share_parameters() -> None:
    """Have columns share parameters that nobody reads, once, in a process that serves only pages.

    What `column.param.scroll` refers to is then the class, so that other apps must not have it.
    Example: making a hundred times `pn.Column()` makes 400 copies of these parameters.
    """
    for name in SCROLLING:
        Column.param[name].per_instance = False


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
                visit_value(values[name], visit)
                break


def visit_value(value: object, visit: Visit) -> None:
    """Visit the models that a value is, or contains.

    Bokeh calls itself, with an import, for each of a list's strings. Example: of
    `figure().references()` that takes half.
    """
    kind = type(value)
    if kind in PLAIN:
        return
    if issubclass(kind, Model):
        visit(value)  # type: ignore[arg-type]
    elif issubclass(kind, list | tuple):
        for each in value:  # type: ignore[attr-defined]
            if type(each) not in PLAIN:
                visit_value(each, visit)
    elif issubclass(kind, dict):
        for pair in value.items():  # type: ignore[attr-defined]
            for each in pair:
                if type(each) not in PLAIN:
                    visit_value(each, visit)
    else:
        visit_any(value, visit)


def link_added(
    root_view: Viewable,
    root: Model,
    changed: Viewable | None = None,
    old_models: list[Model] | None = None,
) -> None:
    """Link in JavaScript what was added to a page, if there is a link to or from any of it.

    Panel goes through all components and all models of the page twice where any of them has a
    link. Example: a box that is added to a page of 1,000 models and one `jscallback`.
    """
    give_way()
    if changed is None or changed is root_view or has_links(changed, root):
        link_all(root_view, root, changed, old_models)


def has_links(changed: Viewable, root: Model) -> bool:
    """Return whether a link leads from or to a component, or what is in it, or refers to it."""
    shown: dict[str, tuple[Model, Any]] = changed._models
    model = shown.get(root.ref["id"])
    models = model[0].references() if model is not None else set()
    inside = {id(each) for each in (*changed.select(Viewable), *models)}
    return any(
        id(each) in inside
        for source, links in Callback.registry.items()
        for link in links
        for each in (source, getattr(link, "target", None), *(link.args or {}).values())
    )


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
