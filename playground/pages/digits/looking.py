"""What several networks make of one drawing, or of one digit in a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.ink.found import Found
from playground.ink.strokes import Stroke
from playground.reading import CANNOT_TELL, Model, doubtful, read, seen, several
from playground.training.digits.frame import Pixels
from playground.views.digits.sights import DIGITS, BarsSight

What = Sequence[Stroke] | Found
"""A drawing, or a digit that has been found in a picture."""

NOW = "Training now"
"""What the network is called that learns on the page."""
EMPTY = "Draw a digit from 0 to 9."


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is seen and read at one moment.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28) or None
        What the networks see; None if there is nothing to read.
    bars : BarsSight
        What they read.
    said : str
        Why nothing is read, or not by all; else empty.
    several : tuple of str
        What seem to be digits side by side, where the whole is perhaps no digit; else empty.
    """

    picture: Pixels | None
    bars: BarsSight
    said: str = ""
    several: tuple[str, ...] = ()

    @property
    def votes(self) -> dict[str, int]:
        """How many networks say each class; one that still learns only where there is no other."""
        bars = self.bars
        known = {
            model: bars.classes[int(row.argmax())]
            for model, row in zip(bars.models, bars.probabilities, strict=True)
            if np.isfinite(row).all()
        }
        said = [name for model, name in known.items() if model != NOW] or list(known.values())
        return {name: said.count(name) for name in said}


def nothing(models: Sequence[str], classes: tuple[str, ...] = DIGITS, said: str = EMPTY) -> Look:
    """A look at what is no digit."""
    bars = BarsSight(tuple(models), np.full((len(models), len(classes)), np.nan), classes)
    return Look(None, bars, said)


def look(what: What, models: Mapping[str, Model], classes: tuple[str, ...] = DIGITS) -> Look:
    """See and read something with several networks.

    Parameters
    ----------
    what : sequence of (xs, ys), or Found
    models : mapping of str to str or nn.Module
        Networks by what people call them; see `playground.reading.read`.
    classes : tuple of str
        What their answers mean.

    Raises
    ------
    NoDigit
        If there is nothing to read.
    InputError
        If the drawing can't be understood.
    """
    pictures = (what if isinstance(what, Found) else seen(what).found[0]).pictures
    answers, said = [], []
    for model in models.values():
        try:
            answers.append(read(pictures, model))
        except InputError as error:  # A reader that can't be had does not keep the others back.
            answers.append(np.full((len(pictures), len(classes)), np.nan))
            said.append(str(error))
    probabilities = np.array(answers).reshape(len(models), len(pictures), len(classes))
    # Where ink could be paper, all answer for the picture that they are surest of together.
    sureness = np.nan_to_num(probabilities.max(axis=2)).sum(axis=0)
    best = int(sureness.argmax())
    rows = probabilities[:, best]
    judges = those_who_can_tell(rows, models) if classes == DIGITS else {}
    doubted = bool(judges) and doubtful(np.array(list(judges.values())))
    parts = several(what, list(judges)) if doubted and not isinstance(what, Found) else ()
    bars = BarsSight(tuple(models), rows, classes, doubted)
    return Look(pictures[best], bars, " ".join(dict.fromkeys(said)), tuple(map(str, parts)))


def those_who_can_tell(rows: np.ndarray, models: Mapping[str, Model]) -> dict[str, np.ndarray]:
    """What those say that know what is no digit: some readers that ship with the package."""
    return {
        model: row
        for model, row in zip(models.values(), rows, strict=True)
        if isinstance(model, str) and model not in CANNOT_TELL and np.isfinite(row).all()
    }
