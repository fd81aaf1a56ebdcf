"""What all benchmarks share: the command line, and one way to say what came out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

Figure = float | int | None
Figures = Mapping[str, "Figure | Figures"]
ByNet = Mapping[str, float]
Side = Callable[[], ByNet]


def parser(description: str | None) -> argparse.ArgumentParser:
    """Make the command line of a benchmark, to which it may add options of its own."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--quick", action="store_true", help="take less than 50 s")
    made.add_argument("--json", action="store_true", help="print one JSON object, not a table")
    return made


def say(text: str) -> None:
    """Tell how far a benchmark has come, where it does not disturb its result."""
    print(text, file=sys.stderr, flush=True)


def emit(figures: Figures, *, as_json: bool) -> None:
    """Print the result: one JSON object, or a table of its keys, joined by dots."""
    if as_json:
        print(json.dumps(figures))
        return
    rows = list(flat(figures))
    width = max(len(key) for key, _figure in rows)
    for key, figure in rows:
        print(f"{key:{width}}  {shown(figure):>10}")


def flat(figures: Figures, prefix: str = "") -> Iterator[tuple[str, Figure]]:
    """Yield all figures, each with the path to it."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def shown(figure: Figure) -> str:
    """A figure with three digits that count; a dash where it could not be taken."""
    if figure is None:
        return "–"
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def interleaved(sides: Mapping[str, Side], rounds: int) -> dict[str, list[ByNet]]:
    """Measure all sides in turn, again and again, so that each meets the same disturbances.

    Parameters
    ----------
    sides : mapping of str to callable
        Each takes one measurement of all nets.
    rounds : int
        At least 1.

    Returns
    -------
    dict of str to list of dict
        The measurements of each side, in order of rounds.
    """
    taken: dict[str, list[ByNet]] = {name: [] for name in sides}
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        for name, measure in sides.items():
            taken[name].append(measure())
    return taken


def medians(rounds: Sequence[ByNet]) -> dict[str, float]:
    """Middle of one side's measurements."""
    return {net: median(each[net] for each in rounds) for net in rounds[0]}


def ratios(ours: Sequence[ByNet], theirs: Sequence[ByNet]) -> dict[str, float]:
    """Middle of the ratios of two sides' measurements in the same round."""
    pairs = list(zip(ours, theirs, strict=True))
    return {
        net: round(median(mine[net] / other[net] for mine, other in pairs), 3) for net in ours[0]
    }
