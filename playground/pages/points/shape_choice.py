"""The choice of a shape of points by its thumbnail."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import panel as pn
import param

from playground.pages.controls.buttons import button
from playground.pages.controls.fields.parameter_fields import setting_tags
from playground.pages.part import Part
from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.clouds import CLOUDS
from playground.problems.points.points import OWN, Points
from playground.views.theme import LIGHT, diverging_palette, value_index

POINT_COUNT = 90
"""Points that a thumbnail shows."""


class ShapeChoice(Part):
    """Buttons with thumbnails of shapes; the chosen one is framed.

    Parameters
    ----------
    problem : Points
    names : iterable of str
        Shapes that are offered.
    """

    def __init__(self, problem: Points, names: Iterable[str]) -> None:
        super().__init__()
        self._problem = problem
        self._buttons = {name: self._button(name) for name in names}
        self._grid = pn.Column(
            *self._buttons.values(),
            css_classes=["pg-shapes"],
            tags=setting_tags(problem, "shape"),
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._highlight_chosen, "shape")
        problem.param.watch(self._draw_icons, "classes_count")
        self._highlight_chosen()

    def __panel__(self) -> pn.Column:
        return self._grid

    def _button(self, name: str) -> pn.widgets.Button:
        description = name if name == OWN else f"{name}: {CLOUDS[name].about}"
        return button(
            self._icon(name),
            description,
            lambda _event: self._choose(name),
            icon_size="36px",
            width=None,
        )

    def _icon(self, name: str) -> str:
        return shape_icon(name, self._problem.classes_count)

    def _draw_icons(self, *_events: param.parameterized.Event) -> None:
        for name, each in self._buttons.items():
            each.icon = self._icon(name)

    def _choose(self, name: str) -> None:
        self._problem.shape = name

    def _highlight_chosen(self, *_events: param.parameterized.Event) -> None:
        for name, each in self._buttons.items():
            chosen = ["pg-chosen"] if name == self._problem.shape else []
            each.css_classes = ["pg-icon", "pg-shape", *chosen]


@lru_cache(maxsize=128)
def shape_icon(name: str, classes_count: int) -> str:
    """The thumbnail of a shape, with so many classes where it allows that, as SVG."""
    if name == OWN:
        return _svg(
            '<path d="M27 8l5 5-16 16-7 2 2-7zM24 11l5 5" fill="none" '
            'stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
        )
    cloud = CLOUDS[name]
    classes = cloud.clamp_classes(classes_count)
    x, y = cloud(np.random.default_rng(4), POINT_COUNT, 0.0, classes)
    places = (x * [1, -1] / PLANE_EDGE + 1) * 18 + 2
    if classes:
        colours = [f"var(--pg-class-{int(label)})" for label in y]
    else:
        colours = [diverging_palette(LIGHT)[index] for index in value_index(y, 1.0)]
    dots = (
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="1.7" fill="{colour}"/>'
        for (across, down), colour in zip(places, colours, strict=True)
    )
    return _svg("".join(dots))


def _svg(content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">{content}</svg>'
