"""Fields for settings of training that only some optimisers or schedules use."""

from __future__ import annotations

from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import parameter_label
from playground.training.training import OPTION_NAMES, SCHEDULE_NAMES, Training


def optimiser_fields(training: Training) -> list[NumberField]:
    """Make the fields of settings that only some optimisers use; others than those are hidden."""
    return [_field(training, name, "optimiser") for name in OPTION_NAMES]


def schedule_fields(training: Training) -> list[NumberField]:
    """Make the fields of settings that only some schedules use, likewise."""
    return [_field(training, name, "schedule") for name in SCHEDULE_NAMES]


def _field(training: Training, name: str, choice: str) -> NumberField:
    """Make a field that is shown or not as another parameter, the choice, says."""
    field = NumberField(training, name, parameter_label(training, name))

    def show(*_events: object) -> None:
        field.__panel__().visible = name not in training.without_effect

    training.param.watch(show, choice)
    show()
    return field
