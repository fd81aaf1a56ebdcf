"""The card of settings of one's own data."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.controls.number_field import NumberField
from playground.pages.controls.parameter_fields import card, collapsed_card, field, group
from playground.pages.part import Part
from playground.problems.tables.table_problem import TableProblem


class OwnDataCard(Part):
    """The inputs that are drawn, the values of the others, and the split of the rows."""

    def __init__(self, problem: TableProblem) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._about = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._scaling = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._pins = [self._pin(number) for number in range(len(problem.inputs))]
        slices = [
            group(field(problem, "across"), field(problem, "up")),
            collapsed_card(
                "Other inputs are held at"
                + ("" if problem.has_binary_inputs else " (standard deviations)"),
                group(*self._pins),
            ),
        ]
        self._card = card(
            "Data",
            self._about,
            *slices[: max(0, len(problem.inputs) - 1)],
            group(
                field(problem, "train_ratio", name="Training fraction"),
                NumberField(problem, "seed", "Seed"),
                field(problem, "standardise"),
            ),
            collapsed_card("Scaling", self._scaling),
            self.notes,
            area="problem",
        )
        problem.param.watch(self._show_relevant, ["across", "up"])
        problem.param.watch(self._describe, ["train_ratio", "seed", "standardise"])
        self._show_relevant()
        self._describe()

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

        def set_pin(event: param.parameterized.Event) -> None:
            pins = list(self._problem.plane.pins)
            pins[number] = event.new
            self._problem.held = pins

        slider.param.watch(set_pin, "value")
        return slider

    def _show_relevant(self, *_events: object) -> None:
        for name, slider in zip(self._problem.inputs, self._pins, strict=True):
            slider.visible = name not in (self._problem.across, self._problem.up)

    def _describe(self, *_events: object) -> None:
        data, samples = self._problem.data, self._problem.samples()
        counts = f"{len(samples.train):,} training rows, {len(samples.test):,} test rows."
        self._about.object = f"<p><b>{escape(data.target)}</b> from {counts}</p>"
        self._scaling.object = scaling_html(self._problem)


def scaling_html(problem: TableProblem) -> str:
    """Say what the network is given for each input and for the value, as HTML."""
    scaling = problem.preprocessing
    sentences = []
    if problem.has_binary_inputs:
        sentences.append("All inputs are 0 or 1, and given as they are.")
    elif scaling.inputs.is_identity:
        sentences.append("Inputs are given as they are; the picture is in standard deviations.")
    else:
        sentences.append("Each input has its mean subtracted and is divided by its deviation:")
        sentences += [
            f"<b>{escape(name)}</b>: mean {scaling.inputs.format(offset, column)}, "
            f"deviation {scaling.inputs.format(scale, column)}"
            for column, (name, offset, scale) in enumerate(
                zip(problem.inputs, scaling.inputs.offset, scaling.inputs.scale, strict=True)
            )
        ]
    if not problem.classes:
        target, (offset,), (scale,) = scaling.targets, scaling.targets.offset, scaling.targets.scale
        low, high = target.format(offset - scale), target.format(offset + scale)
        sentences.append(
            f"<b>{escape(problem.data.target)}</b> is given as it is."
            if target.is_identity
            else f"<b>{escape(problem.data.target)}</b>: {low} becomes -1, {high} becomes 1"
        )
    sentences.append("Means and deviations are those of the training rows.")
    return "".join(f"<p>{each}</p>" for each in sentences)
