"""The card of settings of points in the plane, and the tools that edit them."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.accessibility.point_form import PointForm
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import card, collapsed_card, field, group
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.message import Message
from playground.pages.controls.notes import Notes
from playground.pages.controls.uploads.points_upload import OpenAsTable, PointsUpload
from playground.pages.part import Part
from playground.pages.points.point_brush import MODES, PointBrush
from playground.pages.points.shape_choice import ShapeChoice
from playground.problems.points.clouds import CLOUDS
from playground.problems.points.points import OWN, Points
from playground.views.gestures import Place

SHAPES_AT_FIRST = 7
"""Shapes that are seen at once, beside the points of one's own; the others are folded away."""
PAINTED_CLASSES = 6
"""Classes that can be painted, if there are not more."""


class PointsCard(Part):
    """The shape of the points and how they are drawn at random, or points of one's own.

    Parameters
    ----------
    problem : Points
    show_place : callable
        Called with the place of a point that was chosen by its number.

    Attributes
    ----------
    open_as_table : callable or None
        What can open a file with more columns than points have.
    """

    def __init__(
        self, problem: Points, show_place: Callable[[Place], None] = lambda place: None
    ) -> None:
        super().__init__()
        self._problem, self._show_place = problem, show_place
        self.open_as_table: OpenAsTable | None = None
        self._generated: tuple[pn.widgets.Widget, ...] = ()
        self._classes: pn.widgets.Widget | None = None
        self.notes = Notes("data")
        self.message = Message()
        self.brush = PointBrush(problem, self.message.say)
        shapes = [name for name in problem.param.shape.objects if name != OWN]
        others = shapes[SHAPES_AT_FIRST:]
        more = collapsed_card("More: shapes, noise, file …", make=lambda: self._make_more(others))
        more.collapsed = problem.shape not in others  # A link may have chosen one of them.
        self._card = card(
            "Data",
            ShapeChoice(problem, [*shapes[:SHAPES_AT_FIRST], OWN]),
            self.notes,
            self.message,
            more,
            area="problem",
        )
        problem.param.watch(self._on_change, "shape")
        problem.param.watch(self._take_up_brush, "shape")

    def __panel__(self) -> pn.Column:
        return self._card

    def _make_more(self, shapes: list[str]) -> list[object]:
        problem = self._problem
        self._generated = noise, count = field(problem, "noise"), field(problem, "count")
        self._classes = field(problem, "classes_count", name="Classes")
        regenerate = pn.widgets.Button(name="Regenerate", margin=0, css_classes=["pg-small"])
        regenerate.on_click(lambda _event: problem.regenerate())
        self._on_change()
        return [
            ShapeChoice(problem, shapes),
            regenerate,
            group(
                noise,
                self._classes,
                field(
                    problem,
                    "train_ratio",
                    name="Training fraction",
                    css_classes=["pg-whole-row"],
                ),
                count,
                NumberField(problem, "seed", "Seed"),
            ),
            PointsUpload(problem, self.message.say, lambda: self.open_as_table),
            collapsed_card("Points by coordinates", make=self._make_form),
        ]

    def _make_form(self) -> list[PointForm]:
        return [PointForm(self._problem, self.message.say, self._show_place)]

    def brush_tools(self) -> pn.Row:
        """Make the brush's tools, which are shown below the boundary."""
        mode = pn.widgets.RadioButtonGroup(
            options=list(MODES),
            value=self.brush.mode,
            margin=0,
            css_classes=["pg-modes"],
            tags=group_name("Brush"),
        )
        mode.link(self.brush, value="mode", bidirectional=True)
        label = pn.widgets.RadioButtonGroup(
            options=self._class_options(),
            value=self.brush.label,
            margin=0,
            css_classes=["pg-modes", "pg-classes"],
            tags=[*group_name("Class to paint"), *help_tags("The class of the points you paint.")],
        )
        self._problem.param.watch(
            lambda _event: label.param.update(options=self._class_options()), "shape"
        )
        label.link(self.brush, value="label", bidirectional=True)
        value = pn.widgets.FloatSlider(
            name="Value",
            start=-1,
            end=1,
            step=0.1,
            value=self.brush.value,
            width=120,
            margin=0,
            tags=help_tags("What the network should answer at the points you paint."),
        )
        value.link(self.brush, value="value", bidirectional=True)

        def show_what_is_painted(*_events: object) -> None:
            is_painting, shape = self.brush.mode == "paint", self._problem.shape
            is_regression = (
                self._problem.own.regression if shape == OWN else CLOUDS[shape].classes is None
            )
            value.visible = is_painting and is_regression
            label.visible = is_painting and not is_regression

        show_what_is_painted()
        self._problem.param.watch(show_what_is_painted, "shape")
        self.brush.param.watch(show_what_is_painted, "mode")
        return pn.Row(mode, label, value, css_classes=["pg-brushes"], margin=0)

    def _class_options(self) -> dict[str, int]:
        """Return the classes that can be painted: six, or all of one's own, by their numbers."""
        own = len(self._problem.own.names) if self._problem.shape == OWN else 0
        return {str(number): number for number in range(max(PAINTED_CLASSES, own))}

    def _on_change(self, *_events: object) -> None:
        """Show only the fields that apply to the shape: one's own points are not generated."""
        shape = self._problem.shape
        for slider in self._generated:
            slider.visible = shape != OWN
        if self._classes is not None:
            span = None if shape == OWN else CLOUDS[shape].classes
            self._classes.visible = span is not None and span[0] < span[1]

    def _take_up_brush(self, _event: object) -> None:
        """Choose the brush where the user has no points yet."""
        is_empty = self._problem.shape == OWN and not len(self._problem.own)
        if is_empty and self.brush.mode == "look":
            self.brush.mode = "paint"
