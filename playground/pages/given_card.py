"""The choices about data of one's own."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.choices import more
from playground.pages.fields import card, field, group
from playground.pages.notes import Notes
from playground.pages.number_field import NumberField
from playground.pages.part import Part
from playground.pages.words import Words
from playground.problems.given import Given


class GivenCard(Part):
    """Which inputs are drawn, where the others are held, and which rows are learned from."""

    def __init__(self, problem: Given) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._about = Words("", css_classes=["pg-about"], margin=0)
        self._pins = [self._pin(number) for number in range(len(problem.inputs))]
        slices = [
            group(field(problem, "across"), field(problem, "up")),
            more("Other inputs are held at", group(*self._pins)),
        ]
        self._card = card(
            "Data",
            self._about,
            *slices[: max(0, len(problem.inputs) - 1)],
            group(
                field(problem, "train_ratio", name="Training share"),
                NumberField(problem, "seed", "Seed"),
            ),
            self.notes,
            area="problem",
        )
        problem.param.watch(self._arrange, ["across", "up"])
        problem.param.watch(self._tell, ["train_ratio", "seed"])
        self._arrange()
        self._tell()

    def __panel__(self) -> pn.Column:
        return self._card

    def _pin(self, number: int) -> pn.widgets.FloatSlider:
        plane = self._problem.plane
        slider = pn.widgets.FloatSlider(
            name=self._problem.inputs[number],
            start=plane.low,
            end=plane.high,
            step=0.05,
            value=plane.pins[number],
            margin=0,
            sizing_mode="stretch_width",
        )

        def hold(event: param.parameterized.Event) -> None:
            pins = list(self._problem.plane.pins)
            pins[number] = event.new
            self._problem.held = pins

        slider.param.watch(hold, "value")
        return slider

    def _arrange(self, *_events: object) -> None:
        for name, slider in zip(self._problem.inputs, self._pins, strict=True):
            slider.visible = name not in (self._problem.across, self._problem.up)

    def _tell(self, *_events: object) -> None:
        data, samples = self._problem.given, self._problem.samples()
        learned = f"{len(samples.train):,} rows to learn from, {len(samples.test):,} to test with."
        self._about.object = f"<p><b>{escape(data.target)}</b> from {learned}</p>"
