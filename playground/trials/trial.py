"""One trial of a sweep, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from playground.errors import InputError
from playground.training.core.metrics import NO_SCORE, Score, Scores

Status = Literal["waiting", "running", "finished", "pruned", "diverged", "cancelled", "failed"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: frozenset[Status] = frozenset({"waiting", "running"})
"""Those of trials that go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A training with some values of the settings that vary.

    Attributes
    ----------
    number : int
        From 0.
    values : mapping of str to object
        The values of what varies, in JSON types.
    run_id : str
        Of the run in the store, once it has ended with something to keep.
    epochs : int
        How many it is to train for.
    status : str
        One of `STATUSES`.
    epoch : float
        Finished epochs.
    scores : Scores
        On the training and on the test samples.
    reports : tuple of float
        The metric of the sweep at each of the `rungs` passed.
    seconds : float
        How long it has trained, over all workers.
    data : str
        The checksum of the data; see `TrialTask.data`.
    message : str
        Why it ended, where there is something to say.
    """

    number: int
    values: Mapping[str, Any]
    run_id: str
    epochs: int
    status: Status = "waiting"
    epoch: float = 0.0
    scores: Scores = (NO_SCORE, NO_SCORE)
    reports: tuple[float, ...] = ()
    seconds: float = 0.0
    data: str = ""
    message: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.status in OPEN

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1; a trial that has ended early is done."""
        return min(1.0, self.epoch / self.epochs) if self.is_open else 1.0

    @property
    def description(self) -> str:
        """What is special about it: `learning_rate 0.003, model cnn`."""
        return ", ".join(f"{name} {value_text(value)}" for name, value in self.values.items())

    def as_json(self) -> dict[str, Any]:
        """Return the trial in JSON types; see `from_json`."""
        return {
            "number": self.number,
            "values": dict(self.values),
            "run": self.run_id,
            "epochs": self.epochs,
            "status": self.status,
            "epoch": self.epoch,
            "scores": [[each.loss, each.accuracy] for each in self.scores],
            "reports": list(self.reports),
            "seconds": self.seconds,
            "data": self.data,
            "message": self.message,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Trial:
        """Read what `as_json` returned.

        Raises
        ------
        InputError
            If something is missing or of another type.
        """
        try:
            train, test = (Score(float(loss), float(share)) for loss, share in values["scores"])
            if values["status"] not in STATUSES:
                raise InputError(f"A trial can't be {values['status']!r}.")
            return cls(
                number=int(values["number"]),
                values=dict(values["values"]),
                run_id=str(values["run"]),
                epochs=int(values["epochs"]),
                status=values["status"],
                epoch=float(values["epoch"]),
                scores=(train, test),
                reports=tuple(float(each) for each in values["reports"]),
                seconds=float(values["seconds"]),
                data=str(values["data"]),
                message=str(values["message"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError(f"a trial of the sweep can't be read: {error}.") from None


def value_text(value: object) -> str:
    """Return the text of a value, with four digits."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        # Layers, 8×8, or names of features.
        return (" + " if any(isinstance(each, str) for each in value) else "×").join(
            map(str, value)
        )
    return str(value)
