"""A form that adds, moves and removes points by their coordinates."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import param

from playground.errors import InputError
from playground.pages.controls.buttons import text_button
from playground.pages.controls.fields.parameter_fields import group
from playground.pages.part import Part
from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.points import OWN, Points
from playground.views.gestures import Place

CLASS_COUNT = 6


class PointForm(Part):
    """Fields for a point's place and its class or value, and buttons that do what the brush does.

    Parameters
    ----------
    problem : Points
        With the first change its points become the person's own.
    notify : callable
        Given a sentence that says what could not be done; "" when something was.
    show : callable
        Called with the place of the point that was chosen.
    """

    def __init__(
        self, problem: Points, notify: Callable[[str], None], show: Callable[[Place], None]
    ) -> None:
        super().__init__()
        self._problem, self._notify, self._show = problem, notify, show
        self._updating = False
        self._point = _number(pn.widgets.IntInput, "Point number", start=1, value=1, step=1)
        self._x, self._y = (_number(pn.widgets.FloatInput, name, step=0.1) for name in "xy")
        self._class = pn.widgets.Select(
            name="Class of the point", options=list(range(CLASS_COUNT)), margin=0,
            sizing_mode="stretch_width",
        )  # fmt: skip
        self._value = _number(pn.widgets.FloatInput, "Value of the point", step=0.1, value=1.0)
        self._point.param.watch(self._choose, "value")
        self._column = pn.Column(
            group(self._point, self._class, self._value, self._x, self._y),
            pn.Row(
                text_button("Add a point", lambda: self._change(self._add)),
                text_button("Move it", lambda: self._change(self._move)),
                text_button("Remove it", lambda: self._change(self._remove)),
                css_classes=["pg-switches"],
                margin=0,
            ),
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._points_changed, list(problem.param))
        self._points_changed()

    def __panel__(self) -> pn.Column:
        return self._column

    def _points_changed(self, *_events: param.parameterized.Event) -> None:
        """Offer the points that there are."""
        points = self._problem.snapshot()
        self._class.visible, self._value.visible = not points.regression, points.regression
        self._class.options = list(range(max(CLASS_COUNT, len(points.names))))
        end = max(len(points), 1)
        self._updating = True
        try:
            self._point.param.update(end=end, value=min(self._point.value or 1, end))
        finally:
            self._updating = False

    def _choose(self, _event: param.parameterized.Event) -> None:
        """Show the place and the class of the point of that number."""
        points, index = self._problem.snapshot(), self._index
        if self._updating or index is None or index >= len(points):
            return
        x, y = (round(float(each), 3) for each in points.x[index])
        self._x.value, self._y.value = x, y
        if points.regression:
            self._value.value = round(float(points.y[index]), 3)
        else:
            self._class.value = int(points.y[index])
        self._show((x, y))

    @property
    def _index(self) -> int | None:
        number = self._point.value
        return None if number is None else number - 1

    def _place(self) -> Place:
        place = self._x.value, self._y.value
        for name, value in zip("xy", place, strict=True):
            # Written so that NaN, which Bokeh sends for an emptied field, is refused too.
            if value is None or not abs(value) <= PLANE_EDGE:
                given = "nothing" if value is None or value != value else f"{value:g}"
                raise InputError(
                    f"{name} can be -{PLANE_EDGE:g} to {PLANE_EDGE:g}; the field holds {given}."
                )
        return float(place[0]), float(place[1])

    def _change(self, change: Callable[[], None]) -> None:
        """Change the points, which are the person's own from then on, or say why that can't be."""
        try:
            if change != self._remove:
                self._place()  # refused before the points become the person's own
            if self._problem.shape != OWN:
                self._problem.adopt()
            change()
        except InputError as error:
            self._notify(str(error))
            return
        self._notify("")
        self._problem.param.trigger("shape")

    def _add(self) -> None:
        own = self._problem.own
        label = self._value.value if own.regression else self._class.value
        if label is None or label != label:
            raise InputError("A value can be -1 to 1; the field is empty.")
        own.add(self._place(), label)
        self._point.param.update(end=len(own), value=len(own))

    def _move(self) -> None:
        self._problem.own.move(self._chosen_index(), self._place())

    def _remove(self) -> None:
        self._problem.own.remove(self._chosen_index())

    def _chosen_index(self) -> int:
        index = self._index
        if index is None or not 0 <= index < len(self._problem.own):
            raise InputError(
                f"There is no such point: they have the numbers 1 to {len(self._problem.own)}."
            )
        return index


def _number(
    kind: type[pn.widgets.IntInput] | type[pn.widgets.FloatInput], name: str, **settings: float
) -> pn.widgets.Widget:
    return kind(name=name, margin=0, sizing_mode="stretch_width", **{"value": 0, **settings})
