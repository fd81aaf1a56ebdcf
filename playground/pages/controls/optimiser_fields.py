"""Fields for the settings that only some optimisers have."""

from __future__ import annotations

from playground.pages.controls.number_field import NumberField
from playground.pages.controls.parameter_fields import parameter_label
from playground.training.core.optimisers import OPTIMISERS
from playground.training.training import Training


def optimiser_fields(training: Training) -> list[NumberField]:
    """Make a field for each such setting; those that the chosen optimiser lacks are not shown."""
    names = dict.fromkeys(name for rule in OPTIMISERS.values() for name in rule.option_names)
    fields = {name: NumberField(training, name, parameter_label(training, name)) for name in names}

    def show_relevant(*_events: object) -> None:
        for name, field in fields.items():
            field.__panel__().visible = name in OPTIMISERS[training.optimiser].option_names

    training.param.watch(show_relevant, "optimiser")
    show_relevant()
    return list(fields.values())
