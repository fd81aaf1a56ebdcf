"""Copies of a figure that HoloViews has rendered, which cost a twentieth of rendering it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from bokeh.core.has_props import HasProps
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.model import Model
from bokeh.models import AllIndices, ColumnDataSource, Range1d, UnionRenderers
from bokeh.models.renderers import GlyphRenderer
from bokeh.plotting import figure
from holoviews.plotting.plot import Plot

DrawFunction = Callable[..., Any]

_render_lock = RLock()
"""HoloViews renders one figure at a time: its options are those of the whole process."""
_templates: WeakKeyDictionary[DrawFunction, dict[Hashable, FigureTemplate]] = WeakKeyDictionary()
"""Of each function that declares a view, by the values that it is bound to."""

NewModels = Mapping[int, Model]
"""The models of a copy, by the `id` of those that they are copies of."""


class FigurePart:
    """One element of a copied figure.

    Attributes
    ----------
    handles : dict of str to Model
        Bokeh models by the names that HoloViews gives them, such as "glyph" and "source".
    """

    def __init__(self, handles: dict[str, Model]) -> None:
        self.handles = handles


class FigureCopy:
    """A Bokeh figure of its own, with what `LiveView` uses of a HoloViews plot.

    Attributes
    ----------
    state : bokeh.plotting.figure
    subplots : dict of int to FigurePart
        The elements, in order.
    """

    def __init__(self, state: figure, parts: list[FigurePart]) -> None:
        self.state = state
        self.subplots = dict(enumerate(parts))


class FigureTemplate:
    """A rendered figure, of which copies are made.

    Parameters
    ----------
    plot : Plot
        Belongs to no document, and is not shown anywhere.
    keep_data : bool
        Otherwise copies have no rows before data are written into them.
    """

    def __init__(self, plot: Plot, *, keep_data: bool) -> None:
        self._figure: figure = plot.state
        share_models(self._figure)
        self._models: list[Model] = sorted(self._figure.references(), key=lambda each: each.id)
        if not keep_data:
            for model in self._models:
                _forget_data(model)
        known = {id(model) for model in self._models}
        self._parts = [
            {name: each for name, each in part.handles.items() if id(each) in known}
            for part in (getattr(plot, "subplots", None) or {0: plot}).values()
        ]
        self._recipes = [_Recipe(model) for model in self._models]

    def copy(self) -> FigureCopy:
        """Return a copy that shares no model and no changeable value with any other."""
        copies: dict[int, Model] = {
            id(each): type(each).__new__(type(each)) for each in self._models
        }
        for model, recipe in zip(self._models, self._recipes, strict=True):
            recipe.fill(copies[id(model)], copies)
        parts = [
            FigurePart({name: copies[id(model)] for name, model in handles.items()})
            for handles in self._parts
        ]
        state = copies[id(self._figure)]
        assert isinstance(state, figure)
        return FigureCopy(state, parts)


def share_models(plot: figure) -> None:
    """Have the glyphs of a figure share models, and leave out those for what is never done.

    HoloViews makes up to five models of each glyph, for selections, the rest, what is muted and
    what is pointed at. No view has a tool that selects or a legend that mutes, or looks different
    where one points, so that only the first is ever needed. All were sent, and built in the
    browser: a third of the models of a page. What is shared has no state.
    """
    every_row, policy = AllIndices(), UnionRenderers()
    for renderer in plot.select({"type": GlyphRenderer}):
        assert isinstance(renderer, GlyphRenderer)
        glyph = renderer.glyph
        renderer.update(selection_glyph=glyph, nonselection_glyph=glyph, muted_glyph=glyph)
        renderer.hover_glyph = None
        renderer.view.filter = every_row
        if isinstance(renderer.data_source, ColumnDataSource):
            renderer.data_source.selection_policy = policy


def template_for(draw: DrawFunction, render: Callable[[], Plot]) -> FigureTemplate:
    """Return the template of all views that a function declares; render it if there is none.

    May be called in any thread.

    Parameters
    ----------
    draw : callable
        Or a `partial`. Values that it is bound to, such as a metric, make another view; objects
        that are compared by identity, such as a cache, do not.
    render : callable
        Renders what the function declares.
    """
    function, bound = draw, ()
    if isinstance(draw, partial):
        values = (*draw.args, *draw.keywords.items())
        function, bound = draw.func, tuple(filter(_is_value, values))
    with _render_lock:
        templates = _templates.setdefault(function, {})
        if bound not in templates:
            # What one person sees is kept for nobody else.
            templates[bound] = FigureTemplate(render(), keep_data=False)
        return templates[bound]


def _is_value(bound: object) -> bool:
    return type(bound).__hash__ is not object.__hash__


def _forget_data(model: Model) -> None:
    if isinstance(model, ColumnDataSource):
        model.data = {name: column[:0] for name, column in model.data.items()}
    if isinstance(model, Range1d):  # The browser takes the range that it is shown first.
        model.update(reset_start=None, reset_end=None)


class _Recipe:
    """How a model is copied: which of its values can be shared, and which are made anew."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._shared, self._own = _split(model._property_values)
        # Lists and the like that nothing was put into yet are made when they are read.
        defaults = model._unstable_default_values.items()
        self._shared_defaults, self._own_defaults = _split(
            {name: value for name, value in defaults if not _is_container(value)}
        )
        # Such as the parent of a figure, which its class sets when it is made.
        self._attributes = {
            name: value for name, value in model.__dict__.items() if name not in _bookkeeping()
        }

    def fill(self, copy: Model, copies: NewModels) -> None:
        """Give a new, empty model the values of the original one."""
        # Bokeh's own way checks each value, and makes all values that are not given first.
        super(HasProps, copy).__init__()
        values = dict(self._shared)
        defaults = dict(self._shared_defaults)
        for source, target in ((self._own, values), (self._own_defaults, defaults)):
            for name, value in source.items():
                target[name] = _copied(value, copies)
        copy.__dict__.update(
            self._attributes,
            _property_values=values,
            _unstable_default_values=defaults,
            _unstable_themed_values={},
            _initialized=True,
        )


@cache
def _bookkeeping() -> frozenset[str]:
    """Names of the attributes of a model that `_Recipe` sets, or that are no part of a copy."""
    return frozenset(Model().__dict__)


def _split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split values by name into those that copies share, and the others."""
    own = {name: value for name, value in values.items() if _is_changeable(value)}
    return {name: value for name, value in values.items() if name not in own}, own


def _is_container(value: object) -> bool:
    return isinstance(value, PropertyValueContainer)


def _is_changeable(value: object) -> bool:
    """Whether each copy needs a value of its own: a model, a container, or what refers to one."""
    if isinstance(value, Model | list | dict | set):
        return True
    return any(map(_is_changeable, _contents(value)))


def _contents(value: object) -> list[object]:
    if isinstance(value, tuple):
        return list(value)
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, each.name) for each in fields(value)]
    return []


def _copied(value: Any, copies: NewModels) -> Any:  # noqa: ANN401 (any value of a property)
    """Return a copy of a value, with the models of the copy."""
    if isinstance(value, Model):
        return copies[id(value)]
    if isinstance(value, dict):
        new: Any = type(value)({name: _copied(each, copies) for name, each in value.items()})
    elif isinstance(value, list | set | tuple):
        new = type(value)(_copied(each, copies) for each in value)
    elif _is_changeable(value):
        changed = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{name: _copied(each, copies) for name, each in changed.items()})
    else:
        return value
    if _is_container(value):
        # A container tells its model when something is added to it.
        for owner, descriptor in value._owners:
            if id(owner) in copies:
                new._register_owner(copies[id(owner)], descriptor)
    return new
