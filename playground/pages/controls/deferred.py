"""Boxes whose content the browser gets when it is first shown, and keeps from then on.

What cannot be seen at first, such as the fields below a fold, would otherwise be rendered, sent
and built in the browser each time that a page is opened: half of a page's models. What a function
makes is not even made before: a third of a page's components.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import panel as pn
import param
from bokeh.document import Document
from bokeh.model import Model
from panel.layout.base import ListPanel

from playground.pages.design import page_design
from playground.serving.sessions import browser_session

MakeContent = Callable[[], Iterable[Any]]
"""Makes panel objects."""


class Deferred(ListPanel):
    """A box that has no models for its content before it is first shown.

    It is shown by its own `visible`, or by `show_content` where something around it is opened.
    Its `objects` are there all along: they can be selected, named and changed.

    Parameters
    ----------
    *objects : panel objects
    make : callable, optional
        Makes further objects when the box is first shown, or for `make_content`. Where no browser's
        session is served, as in a notebook, it does so at once: a program may look for them.
    """

    __abstract = True

    _shows_content = False

    def __init__(self, *objects: Any, make: MakeContent | None = None, **params: Any) -> None:
        self._make = make
        super().__init__(*objects, **params)
        if browser_session() is None:
            self.make_content()

    def make_content(self) -> None:
        """Make the content, unless it is made already."""
        make, self._make = self._make, None
        if make is not None:
            with page_design():
                self.objects = [*self.objects, *make()]

    def show_content(self) -> None:
        """Render the content, unless it is rendered already."""
        if not self._shows_content:
            self.make_content()
            self._shows_content = True
            self.param.trigger("objects")

    def _param_change(self, *events: param.parameterized.Event) -> None:
        # The content comes before the box can be seen.
        if any(each.name == "visible" and each.new for each in events):
            self.show_content()
        super()._param_change(*events)

    def _get_objects(
        self,
        model: Model,
        old_objects: list[pn.viewable.Viewable],
        doc: Document,
        root: Model,
        comm: Any = None,  # noqa: ANN401 (Panel's)
    ) -> tuple[list[Model], list[Model]]:
        if not self._shows_content:
            return [], []
        models: tuple[list[Model], list[Model]]
        models = super()._get_objects(model, old_objects, doc, root, comm)
        return models


class DeferredColumn(Deferred, pn.Column):
    """A column whose content is rendered when it is first shown."""


class DeferredRow(Deferred, pn.Row):
    """A row whose content is rendered when it is first shown."""


class DeferredTab(DeferredRow):
    """A row in a dynamic tab, whose content is made when the tab is first opened."""

    def _get_model(self, *place: Any, **named: Any) -> Model:
        # Panel renders no tab before it is opened.
        self.show_content()
        return super()._get_model(*place, **named)
