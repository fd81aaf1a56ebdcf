"""LiveView: rendered once by HoloViews, then copied, and updated by patching what is rendered.

HoloViews takes 200 ms of server time to render a view, and 20 to 30 ms to refresh it; a copy of the
rendered figure costs ten, and writing the same numbers into the data sources of its glyphs one or
two. So HoloViews declares, styles and renders each kind of view once in a process; each browser
page gets a copy, and each frame, the first one too, is patched into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from operator import attrgetter, is_
from typing import Any, TypeAlias, TypeVar
from weakref import WeakKeyDictionary, WeakMethod, WeakSet

import holoviews as hv
import numpy as np
import numpy.typing as npt
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent
from bokeh.models import ColumnDataSource
from holoviews.plotting.plot import Plot
from holoviews.streams import Stream

from playground.serving.browser.update_batching import hold_updates
from playground.serving.weak_calls import call_if_alive
from playground.views.figure import figure_properties
from playground.views.rendering.figure_pane import FigurePane
from playground.views.rendering.figure_template import FigureCopy, FigureTemplate, template_for
from playground.views.theme import LIGHT, Theme

Columns = Mapping[str, Any]
"""Columns of one glyph's data source."""
Properties = Mapping[str, Any]
"""Values by path `element.handle.attribute`, such as `0.x_range.start`.

`element` is the element's index in the overlay, `handle` a name in the `handles` of its HoloViews
plot. Ranges, axes and the figure itself (`plot`) are shared by all elements.
"""

ViewData = Any
"""What is shown: a Frame, an ImageFrame, or whatever a view's functions take."""

# All three are called as function(frame, theme, **choices).
DrawFunction = Callable[..., hv.Element | hv.Overlay]
"""Declares a view completely: data, style, axes. Number and order of elements never change."""
ColumnsFunction = Callable[..., Sequence[Columns | None]]
"""Computes the columns of each element, in order; None leaves that element alone."""
PropertiesFunction = Callable[..., Properties]
"""Computes what else depends on the frame: ranges, ticks, labels, palettes, colours."""
AltFunction = Callable[..., str]
"""Says what is drawn, for those who can't see it; the same text while only numbers change."""

RenderedPlot: TypeAlias = Plot | FigureCopy

T = TypeVar("T")
Version = Stream.define("Version", version=0)


def no_properties(frame: ViewData, theme: Theme, **choices: object) -> Properties:
    """Return no properties, for views of which only data changes."""
    return {}


class LiveView:
    """A HoloViews DynamicMap whose rendered glyphs can be patched without a redraw.

    Parameters
    ----------
    draw : DrawFunction
    columns : ColumnsFunction
        Must return exactly the columns that rendering `draw` gives;
        `tests/support/patching.py` checks it.
    frame : ViewData
        What to show first.
    theme : Theme
    properties : PropertiesFunction
        Applied when rendered; with later frames those that differ from the last frame's.
    alt : str or AltFunction
        What a screen reader says about the figure; if empty, Bokeh's figure is left as it is.
    **choices
        Options of the view with their first values; keyword arguments of all three functions.

    Attributes
    ----------
    frame : ViewData
        The newest one.
    """

    def __init__(
        self,
        draw: DrawFunction,
        columns: ColumnsFunction,
        frame: ViewData,
        theme: Theme = LIGHT,
        *,
        properties: PropertiesFunction = no_properties,
        alt: str | AltFunction = "",
        **choices: object,
    ) -> None:
        self.frame, self.theme = frame, theme
        self._draw, self._columns, self._properties = draw, columns, properties
        self._alt = alt
        self._choices = choices
        self._on_render: list[Callable[[RenderedPlot], None]] = []
        self._applied: WeakKeyDictionary[RenderedPlot, dict[str, Any]] = WeakKeyDictionary()
        self._last_properties: tuple[Properties, ...] = ()
        self._merged: Properties = {}
        self._in_force: WeakKeyDictionary[RenderedPlot, Properties] = WeakKeyDictionary()
        self._is_outdated = True  # whether HoloViews keeps no render that it would show again
        self._figures: WeakSet[FigureCopy] = WeakSet()
        self._prepared: tuple[FigureCopy, ViewData, object] | None = None
        self._version: Stream | None = None

    @cached_property
    def dmap(self) -> hv.DynamicMap:
        """The view for HoloViews itself: rendering it shows the newest frame."""
        self._version = Version()
        return hv.DynamicMap(self._render, streams=[self._version])

    @property
    def choices(self) -> dict[str, Any]:
        """Current values of the view's options, as a copy."""
        return dict(self._choices)

    def pane(self, **kwargs: object) -> FigurePane:
        """Return a new pane that shows the view; `kwargs` are parameters of the pane."""
        return FigurePane(self.figure, **({"sizing_mode": "stretch_both"} | kwargs))

    def figure(self) -> FigureCopy:
        """Return a new figure that shows the view, and follows it as long as it is referred to."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[1] is self.frame and prepared[2] == self._look:
            figure = prepared[0]
        else:
            figure = self._new_figure(self._all_properties())
        self._figures.add(figure)
        for call in self._on_render:
            call(figure)
        return figure

    def prepare(self) -> None:
        """Make the figure that is asked for next, in whatever thread: that takes a while."""
        frame, look = self.frame, self._look
        self._prepared = self._new_figure(_merged(self._property_parts())), frame, look

    @property
    def _look(self) -> object:
        """What decides, besides the frame, what is shown."""
        return self.theme, self.choices

    def _new_figure(self, properties: Properties) -> FigureCopy:
        columns = self._call(self._columns)
        if None in columns:  # The data of such an element are known to `draw` alone.
            template = FigureTemplate(self._render_template(), keep_data=True)
        else:
            template = template_for(self._draw, self._render_template)
        figure = template.copy()
        self._write([figure], columns, properties)
        return figure

    def on_render(self, call: Callable[[RenderedPlot], None]) -> None:
        """Call a function with each plot that is rendered from now on."""
        self._on_render.append(call)

    def push(self, frame: ViewData, **choices: object) -> None:
        """Show another frame wherever the view is rendered, and change options with it."""
        self.frame = frame
        self.set(**choices)

    def restyle(self, theme: Theme) -> None:
        """Show the view in the colours of another theme."""
        self.theme = theme
        self._patch()

    def set(self, **choices: object) -> None:
        """Change options of the view.

        Raises
        ------
        TypeError
            If the view has no such option.
        """
        if unknown := choices.keys() - self._choices.keys():
            raise TypeError(f"no such choice: {', '.join(sorted(unknown))}")
        self._choices |= choices
        self._patch()

    def _render_template(self) -> Plot:
        # Each plot has HoloViews watch its document; a template belongs to none.
        return hv.renderer("bokeh").get_plot(self._call(self._draw), doc=Document())

    def _render(self, version: int) -> hv.Element | hv.Overlay:
        self._is_outdated = False
        # HoloViews keeps options forever, and with them all that their hooks refer to.
        on_rendered = WeakMethod(self._on_plot_rendered)
        return self._call(self._draw).opts(
            hooks=[lambda *drawn: call_if_alive(on_rendered, *drawn)]
        )

    def _call(self, function: Callable[..., T]) -> T:
        return function(self.frame, self.theme, **self._choices)

    def _patch(self) -> None:
        self._invalidate_render()
        plots = [*self._figures, *self._holoviews_plots()]
        if not plots:
            return
        columns, properties = self._call(self._columns), self._all_properties()
        # Panel's callbacks run without the document's lock: held changes are sent when they may be.
        with hold_updates():
            self._write(plots, columns, properties)

    def _write(
        self,
        plots: Sequence[RenderedPlot],
        columns: Sequence[Columns | None],
        properties: Properties,
    ) -> None:
        for plot in plots:
            for part, values in zip(element_plots(plot), columns, strict=True):
                if values is not None:
                    patch_columns(part.handles["source"], values)
            self._apply(plot, properties)

    def _invalidate_render(self) -> None:
        """Make later renders call `draw` again, without the event that would cause one now."""
        if self._is_outdated or self._version is None:
            return
        self._is_outdated = True
        self._version.update(version=self._version.version + 1)
        self.dmap.reset()

    def _holoviews_plots(self) -> list[Plot]:
        """Plots of `dmap` in use: each is subscribed to the stream until it is cleaned up."""
        subscribers = () if self._version is None else self._version.subscribers
        return [refresh.__self__ for refresh in subscribers]

    def _on_plot_rendered(self, plot: Plot, element: hv.Element | hv.Overlay) -> None:
        self._applied.pop(plot, None)
        self._in_force.pop(plot, None)
        self._apply(plot, self._all_properties())
        for call in self._on_render:
            call(plot)

    def _all_properties(self) -> Properties:
        """Return all properties; the identical ones while the view returns identical ones."""
        parts, last = self._property_parts(), self._last_properties
        if len(last) != len(parts) or not all(map(is_, last, parts)):
            self._last_properties, self._merged = parts, _merged(parts)
        return self._merged

    def _property_parts(self) -> tuple[Properties, ...]:
        alt = self._alt if isinstance(self._alt, str) else self._call(self._alt)
        return figure_properties(self.theme), _text_properties(alt), self._call(self._properties)

    def _apply(self, plot: RenderedPlot, properties: Properties) -> None:
        if self._in_force.get(plot) is properties:
            return
        applied = self._applied.setdefault(plot, {})
        for path, value in properties.items():
            if path not in applied or applied[path] != value:
                set_property(plot, path, value)
                applied[path] = value
        self._in_force[plot] = properties


def _merged(parts: Sequence[Properties]) -> Properties:
    return {path: value for part in parts for path, value in part.items()}


@lru_cache(maxsize=256)
def _text_properties(alt: str) -> Properties:
    """Return what a screen reader says about a figure."""
    return {"0.plot.html_attributes": {"role": "img", "aria-label": alt}} if alt else {}


def element_plots(plot: RenderedPlot) -> list[Any]:
    """Plots of an overlay's elements, in order; the plot itself if it is no overlay."""
    subplots = getattr(plot, "subplots", None)
    return list(subplots.values()) if subplots else [plot]


def patch_columns(source: ColumnDataSource, values: Columns) -> None:
    """Update a data source with the columns that differ from those before.

    What stays the same is neither sent nor painted again; of columns that only got longer, as
    curves do, what was added is sent.
    """
    data = source.data
    changed = {name: value for name, value in values.items() if not is_same(data.get(name), value)}
    if not changed:
        return
    if changed.keys() == data.keys() and not is_about_to_change(source):
        added: dict[str, Any] = {}
        for name, value in changed.items():
            if (rows := added_rows(data[name], value)) is not None:
                added[name] = rows
        if added.keys() == changed.keys() and len({len(rows) for rows in added.values()}) == 1:
            source.stream(added)
            return
    write_columns(source, changed)


def write_columns(source: ColumnDataSource, changed: Columns) -> None:
    """Set some columns of a data source.

    Bokeh copies and checks all of its columns when one is set: a third of what it takes to write a
    frame into a page's figures. The columns of views are checked by tests instead.
    """
    document = source.document
    if document is None or source._callbacks or "data" not in source._property_values:
        source.data.update(changed)
        return
    dict.update(source.data, changed)
    event = ColumnDataChangedEvent(document, source, "data", cols=list(changed))
    document.callbacks.trigger_on_change(event)


def is_same(before: object, after: object) -> bool:
    """Whether two columns have the same values of the same type."""
    if before is after:
        return True
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        is_alike = before.dtype == after.dtype and before.shape == after.shape
        # By their bytes, so that a value that is missing equals itself.
        return is_alike and before.dtype != object and before.tobytes() == after.tobytes()
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return all(map(is_same, before, after))
    if isinstance(before, str | int | float) and type(before) is type(after):
        return before == after
    return False


def added_rows(before: object, after: object) -> npt.NDArray[Any] | None:
    """The rows that a column has more than before, at least one; None if others changed too."""
    if not isinstance(before, np.ndarray) or not isinstance(after, np.ndarray):
        return None
    length = len(before)
    is_longer = before.ndim == after.ndim == 1 and 0 < length < len(after)
    return after[length:] if is_longer and is_same(before, after[:length]) else None


def is_about_to_change(source: ColumnDataSource) -> bool:
    """Whether a change of a data source waits to be sent.

    Such a change is sent with the columns as they are then: rows added since would come twice.
    """
    document = source.document
    held = () if document is None else document.callbacks._held_events
    return any(getattr(each, "model", None) is source for each in held)


def set_property(plot: RenderedPlot, path: str, value: object) -> None:
    """Set `element.handle.attribute` of a rendered plot; see `Properties`."""
    element, handle, attribute = path.split(".", 2)
    owner = element_plots(plot)[int(element)].handles[handle]
    *parents, name = attribute.rsplit(".", 1)
    setattr(attrgetter(*parents)(owner) if parents else owner, name, value)
