"""The fields that say what varies: a setting and its values, once or twice, and seeds."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.errors import InputError
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.sweeps import VARIABLES, Axis, Sweep, SweepTrainer
from playground.training.sweeps.reading import read_axis
from playground.training.sweeps.sweep import MAX_SETTINGS
from playground.training.sweeps.variables import FEATURE_SIGN, FEATURES_NAME, SEED

NOTHING = "nothing else"
MAX_SEEDS = 64
SUGGESTED_FEATURES = {
    name.strip()
    for features in VARIABLES[FEATURES_NAME].suggestion.split(",")
    for name in features.split(FEATURE_SIGN)
}
SEPARATORS = "+,;:"
"""What stands between values; a column with one of them in its name can't be written."""
HINT = "A list such as 1, 2, 4, or a range such as 0.001..1 or 0.001..1:log:5"

VALUES_HELP = "A list (1, 2, 4), or a range (1..6; 0.001..1 has equal factors)."


class AxisFields(Part):
    """Two settings and their values, linked both ways with the sweep of a trainer.

    What is impossible is refused with a sentence, and the sweep stays as it was.

    Parameters
    ----------
    trainer : SweepTrainer
    """

    def __init__(self, trainer: SweepTrainer) -> None:
        super().__init__()
        self._trainer, self._updating = trainer, False
        labels = {each.explained_label: name for name, each in VARIABLES.items()}
        self._names = [
            pn.widgets.Select(name=title, options=options, sizing_mode="stretch_width", margin=0)
            for title, options in (
                ("Vary", labels),
                ("and", {NOTHING: "", **labels}),
            )
        ]
        self._values = [
            pn.widgets.TextInput(
                name="Values",
                sizing_mode="stretch_width",
                margin=0,
                placeholder=HINT,
                tags=help_tags(VALUES_HELP),
            )
            for _ in (1, 2)
        ]
        self._seeds = pn.widgets.IntInput(
            name="Seeds per setting",
            value=1,
            start=1,
            end=MAX_SEEDS,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._seeds.param.watch(self._on_values, "value")
        self._error = LiveHTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._count = LiveHTML("", css_classes=["pg-about"], margin=0)
        for number in (0, 1):
            self._names[number].param.watch(self._on_name, "value")
            self._values[number].param.watch(self._on_values, "value")
        trainer.param.watch(self._show, "sweep")
        self._column = pn.Column(
            *(each for pair in zip(self._names, self._values, strict=True) for each in pair),
            self._seeds,
            self._error,
            self._count,
            css_classes=["pg-axes"],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._show()

    def __panel__(self) -> pn.Column:
        return self._column

    def _show(self, *_events: object) -> None:
        """Show the sweep as it is."""
        sweep = self._trainer.sweep
        axes: list[Axis | None] = [*sweep.axes[:MAX_SETTINGS], None]
        self._updating = True
        try:
            for axis, name, values in zip(axes, self._names, self._values, strict=False):
                name.value = axis.name if axis is not None else ""
                values.param.update(
                    name="Values" if axis is None else f"Values of {axis.variable.label}",
                    value="" if axis is None else axis.text,
                    visible=axis is not None,
                )
            besides = [axis for axis in axes if axis is not None and axis.name != SEED]
            self._seeds.param.update(
                value=sweep.seeds_per_setting, visible=len(besides) == MAX_SETTINGS
            )
        finally:
            self._updating = False
        self._error.param.update(object="", visible=False)
        batches = sweep.batches
        apart = f", in {batches} batches, each a computation of its own" if batches > 1 else ""
        self._count.object = f"<p>{len(sweep)} networks{apart}.</p>"

    def _on_name(self, event: param.parameterized.Event) -> None:
        """Vary another setting, with values to begin with."""
        if self._updating:
            return
        if event.new and event.new not in VARIABLES:  # A browser may send anything.
            self._show()
            return
        number = self._names.index(event.obj)
        texts = self._texts
        texts[number] = self._suggestion(event.new) if event.new else ""
        self._set(texts)

    def _suggestion(self, name: str) -> str:
        """Return values to begin with; of features those that the problem has."""
        usual, problem = VARIABLES[name].suggestion, self._trainer.problem
        if name != FEATURES_NAME or problem.features.keys() >= SUGGESTED_FEATURES:
            return usual
        names = [each for each in problem.inputs if not {*each} & {*SEPARATORS}]
        return ", ".join(dict.fromkeys([*names[:1], FEATURE_SIGN.join(names)]))

    def _on_values(self, _event: param.parameterized.Event) -> None:
        if not self._updating:
            self._set(self._texts)

    @property
    def _texts(self) -> list[str]:
        return [each.value or "" for each in self._values]

    @property
    def _seed_axis(self) -> tuple[Axis, ...]:
        """The axis of so many seeds as the field says; those of now where it is their number."""
        count, sweep = self._seeds.value or 1, self._trainer.sweep
        if count == sweep.seeds_per_setting:
            return sweep.axes[MAX_SETTINGS:]
        return (Axis(SEED, tuple(range(1, count + 1))),) if count > 1 else ()

    def _set(self, texts: list[str]) -> None:
        try:
            axes = [
                read_axis(str(name.value), text)
                for name, text in zip(self._names, texts, strict=True)
                if name.value
            ]
            if len([axis for axis in axes if axis.name != SEED]) == MAX_SETTINGS:
                axes.extend(self._seed_axis)
            sweep = Sweep(tuple(axes))
        except InputError as error:
            sentence = str(error)
            self._show()
            self._error.param.update(object=f"<p>{escape(sentence)}</p>", visible=True)
            return
        if sweep == self._trainer.sweep:
            self._show()
        else:
            self._trainer.sweep = sweep
