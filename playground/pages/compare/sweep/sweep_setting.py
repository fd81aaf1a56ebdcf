"""What varies as a setting: `learning_rate: 0.001..1; seed: 1..8`."""

from __future__ import annotations

from collections.abc import Callable

from playground.errors import InputError
from playground.training.sweeps import Sweep, SweepTrainer, read_sweep


class SweepSetting:
    """The sweep of a trainer as text.

    Parameters
    ----------
    trainer : SweepTrainer
    """

    name = "vary"

    def __init__(self, trainer: SweepTrainer) -> None:
        self.owner = trainer
        self.value_type = _SweepType()

    @property
    def value(self) -> str:
        """The settings that vary, and their values."""
        return self.owner.sweep.text

    def assign(self, value: str) -> None:
        """Vary these settings; InputError if that is impossible."""
        sweep: Sweep = read_sweep(value)
        if sweep != self.owner.sweep:
            self.owner.sweep = sweep

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function whenever something else varies."""
        self.owner.param.watch(lambda *_events: call(), "sweep")


class _SweepType:
    """The value type of sweeps: texts that `read_sweep` reads."""

    description = (
        "one or two settings with their values, and the seed, "
        "such as learning_rate:0.001..1;width:1..4;seed:1..8"
    )

    def parse(self, given: object) -> str:
        """Accept a text; InputError if it is no sweep."""
        if not isinstance(given, str):
            raise InputError(f"What varies is a text: {self.description}.")
        read_sweep(given)
        return given

    def coerce(self, value: str) -> str:
        """Return the value."""
        return value

    def text(self, value: str) -> str:
        """Return the value without spaces that a link would have to encode."""
        return value.replace(", ", ",").replace(": ", ":").replace("; ", ";")
