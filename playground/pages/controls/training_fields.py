"""Fields for settings of training that only some optimisers or schedules have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from playground.pages.controls.number_field import NumberField
from playground.pages.controls.parameter_fields import parameter_label
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import PLATEAU
from playground.training.training import Training


def optimiser_fields(training: Training) -> list[NumberField]:
    """Make the fields of settings of optimisers; those that the chosen one lacks are not shown."""
    names = dict.fromkeys(name for rule in OPTIMISERS.values() for name in rule.option_names)
    return [
        _field_shown_if(
            partial(_has_option, training, name),
            training,
            name,
            "optimiser",
        )
        for name in names
    ]


def _has_option(training: Training, name: str) -> bool:
    return name in OPTIMISERS[training.optimiser].option_names


def schedule_fields(training: Training) -> list[NumberField]:
    """Make the fields of settings of schedules; those that the chosen one lacks are not shown."""
    return [
        _field_shown_if(lambda: training.schedule != PLATEAU, training, "horizon", "schedule"),
        *(
            _field_shown_if(lambda: training.schedule == PLATEAU, training, name, "schedule")
            for name in ("plateau_patience", "plateau_factor")
        ),
    ]


def _field_shown_if(
    is_relevant: Callable[[], bool], training: Training, name: str, choice: str
) -> NumberField:
    """Make a field that is shown or not as another parameter, the choice, says."""
    field = NumberField(training, name, parameter_label(training, name))

    def show(*_events: object) -> None:
        field.__panel__().visible = is_relevant()

    training.param.watch(show, choice)
    show()
    return field
