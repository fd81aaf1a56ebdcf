"""A Panel pane that gives each browser page, or cell of a notebook, a figure of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bokeh.document import Document
from bokeh.model import Model
from bokeh.plotting import figure
from panel.pane.base import Pane
from panel.viewable import Layoutable

from playground.views.rendering.figure_template import FigureCopy

RenderFigure = Callable[[], FigureCopy]


class FigurePane(Pane):
    """Shows what a function renders, anew for each place where the pane is shown.

    Parameters
    ----------
    object : callable
        Returns a `FigureCopy`, which the pane refers to as long as it is shown.
    **params
        Those that are given, such as a height, are set on the figure.
    """

    def __init__(self, object: RenderFigure | None = None, **params: Any) -> None:
        self._figures: dict[str, FigureCopy] = {}
        super().__init__(object, **params)

    @classmethod
    def applies(cls, obj: Any) -> bool | float | None:  # noqa: ANN401 (whatever Panel is given)
        """Say whether the pane shows an object; what Panel is to show by itself, others show."""
        return 0.0 if callable(obj) else False

    def _get_model(
        self,
        doc: Document,
        root: Model | None = None,
        parent: Model | None = None,
        comm: Any = None,  # noqa: ANN401 (Panel's)
    ) -> Model:
        if root is None:
            layout: Model = self.get_root(doc, comm)
            return layout
        ref = root.ref["id"]
        self._figures[ref] = copy = self.object()
        copy.state.update(**self._given())
        self._models[ref] = copy.state, parent
        self._design.apply_bokeh_theme_to_model(copy.state)
        model: Model = copy.state
        return model

    def _given(self) -> dict[str, Any]:
        """Return what was said about the pane's place; the figure has a say of its own."""
        names = set(Layoutable.param) & set(figure.properties()) - {"name", "stylesheets"}
        values, usual = self.param.values(), type(self).param
        return {name: values[name] for name in names if values[name] != usual[name].default}

    def _cleanup(self, root: Model | None = None) -> None:
        if root is not None:
            self._figures.pop(root.ref["id"], None)
        super()._cleanup(root)
