"""The page about points in the plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import param

from playground.pages.controls.uploads.points_upload import OpenAsTable
from playground.pages.lab import Lab
from playground.pages.links.points_setting import PointsSetting
from playground.pages.links.split_setting import SplitSetting
from playground.pages.points.points_card import PointsCard
from playground.pages.shell.welcome import Experiment
from playground.problems.points.point_units import PointUnits
from playground.problems.points.points import OWN, Points
from playground.problems.tables.csv.points_csv import read_points
from playground.problems.tables.saved_points import CLASS_HEADER, write_points
from playground.settings import Owner
from playground.training.core.notes import Remedy
from playground.training.dense.frame import Frame
from playground.trials.tasks import PointsTask
from playground.views.gestures import Gestures


class PointsPage(Lab[Points]):
    """Watch a network learn to classify points, or to predict their value.

    Examples
    --------
    >>> PointsPage(shape="spiral", hidden=[8, 8])
    """

    title: ClassVar[str] = "Points"
    problem_class = Points
    positional_setting = "shape"
    presets: ClassVar[dict[str, Any]] = {**PointsTask.presets, "pace": 20.0}

    sentence = "Press Play and watch a <b>neural network</b> learn."
    watching = "Watch the <b>picture</b> take the points’ colours."
    experiments = (
        Experiment("one neuron", {"hidden": [1]}),
        Experiment("no hidden layer", {"hidden": []}),
        Experiment("only x and y", {"features": ["x", "y"]}),
    )

    things_to_try = (
        Experiment(
            "Add a third arm",
            {
                "shape": "arms",
                "classes_count": 3,
                "noise": 0.0,
                "features": ["x", "y"],
                "hidden": [8],
            },
            "Three colours to tell apart. How many outputs does the network have now?",
        ),
        Experiment(
            "The spiral, with waves",
            {"shape": "spiral", "noise": 0.0, "hidden": [6], "weight_seed": 3},
            "Which neurons use sin x and sin y?",
        ),
        Experiment(
            "A circle without hidden layers",
            {"shape": "circle", "features": ["x", "y", "x²", "y²"], "hidden": []},
            "With x² and y² nothing else is needed. Take one away.",
        ),
        Experiment(
            "The spiral with x and y only",
            {
                "shape": "spiral",
                "features": ["x", "y"],
                "hidden": [8, 8],
                "l2": 0.0,
                "learning_rate": 0.03,
            },
            "How long does it take without waves?",
        ),
        Experiment(
            "Exclusive or with one feature",
            {"shape": "exclusive or", "features": ["xy"], "hidden": []},
            "Without hidden layers. What is it that xy knows?",
        ),
        Experiment(
            "Much noise, few points",
            {"shape": "circle", "count": 60, "noise": 0.5, "hidden": [16, 16], "l2": 0.0},
            "Watch the two curves part. Then raise L2.",
        ),
        Experiment(
            "Steps that are too large",
            {"shape": "spiral", "optimiser": "SGD", "learning_rate": 10.0},
            "What does the note say?",
        ),
    )

    @property
    def task(self) -> str:
        """The shape, or that the points are a person's own."""
        return "your own points" if self.problem.shape == OWN else f"“{self.problem.shape}”"

    def problem_card(self) -> PointsCard:
        """Make the card of settings of the points."""
        self._points_card = PointsCard(self.problem, lambda place: self._boundary.point_at(place))
        return self._points_card

    def offer_table(self, open_as_table: OpenAsTable) -> None:
        """Offer to open uploaded files with all their columns."""
        self._points_card.open_as_table = open_as_table

    def problem_owners(self) -> tuple[Owner, ...]:
        """The parameters of the points, their split, a person's own points, and the brush."""
        problem = self.problem
        renamed = {"mode": "brush", "label": "brush_class", "value": "brush_value"}
        return (
            problem,
            PointsSetting(problem),
            SplitSetting(problem, lambda: problem),
            (self._points_card.brush, renamed),
        )

    def extra(self) -> dict[str, Any]:
        """A person's own points as CSV, at full precision; nothing while a shape is learned."""
        own = self.problem.own
        if self.problem.shape != OWN or not len(own):
            return {}
        units = {} if own.units is None else {"units": own.units.as_json()}
        return {"points": write_points(own), **units}

    def restore_extra(self, extra: Mapping[str, Any]) -> None:
        """Learn the points of a run; InputError if they are no CSV of points."""
        if "points" in extra:
            table = str(extra["points"])
            last = "label" if table.startswith(",".join(CLASS_HEADER)) else "value"
            points = read_points(table.encode(), "x", "y", last)
            points.units = PointUnits.from_json(extra.get("units"))
            self.problem.adopt(points)

    def data_remedy(self, frame: Frame) -> Remedy:
        """Paint a class that no training point has; or learn from half of them; or a shape."""
        train, test = frame.samples.train, frame.samples.test
        if len(train) and frame.classes:
            for other, name in enumerate(frame.classes):
                if other not in train.y:
                    brush = (("brush", "paint"), ("brush_class", other))
                    return Remedy(f"Paint class {name}", brush)
        if not len(train) and len(test):
            return Remedy("Learn from half of them", (("train_ratio", 0.5),))
        return Remedy("Take a circle", (("shape", "circle"),))

    def boundary_gestures(self) -> Gestures:
        """Paint, move and erase points with the brush."""
        brush = self._points_card.brush
        brush.param.watch(self._on_brush_changed, "mode")
        return Gestures(tap=brush.tap, press=brush.press, drag=brush.drag, release=brush.release)

    def boundary_tools(self) -> tuple[Any, ...]:
        """Show the brush's tools."""
        return (self._points_card.brush_tools(),)

    def _on_brush_changed(self, event: param.parameterized.Event) -> None:
        """Let a finger paint, and show test points, which the brush paints too.

        A link or a run says itself whether they are shown.
        """
        self._boundary.take_drags(event.new != "look")
        if not self.settings.applying:
            self._boundary.show_test = True
