"""What all benchmarks share: the command line, and one way to say what came out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

Value = float | int | None
Results = Mapping[str, "Value | Results"]
ByNet = Mapping[str, float]
Side = Callable[[], ByNet]


def argument_parser(description: str | None) -> argparse.ArgumentParser:
    """Make the command line of a benchmark, to which it may add options of its own."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--quick", action="store_true", help="take less than 50 s")
    made.add_argument("--json", action="store_true", help="print one JSON object, not a table")
    return made


def log_progress(text: str) -> None:
    """Tell how far a benchmark has come, where it does not disturb its result."""
    print(text, file=sys.stderr, flush=True)


def print_result(results: Results, *, as_json: bool) -> None:
    """Print the result: one JSON object, or a table of its keys, joined by dots."""
    if as_json:
        print(json.dumps(results))
        return
    rows = list(flatten(results))
    width = max(len(key) for key, _figure in rows)
    for key, figure in rows:
        print(f"{key:{width}}  {format_figure(figure):>10}")


def flatten(results: Results, prefix: str = "") -> Iterator[tuple[str, Value]]:
    """Yield all figures, each with the path to it."""
    for key, value in results.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def format_figure(figure: Value) -> str:
    """A figure with three digits that count; a dash where it could not be taken."""
    if figure is None:
        return "–"
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def measure_in_turn(sides: Mapping[str, Side], rounds: int) -> dict[str, list[ByNet]]:
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
    measurements: dict[str, list[ByNet]] = {name: [] for name in sides}
    for number in range(1, rounds + 1):
        log_progress(f"round {number} of {rounds}")
        for name, measure in sides.items():
            measurements[name].append(measure())
    return measurements


def medians(rounds: Sequence[ByNet]) -> dict[str, float]:
    """Middle of one side's measurements."""
    return {net: median(each[net] for each in rounds) for net in rounds[0]}


def median_ratios(ours: Sequence[ByNet], theirs: Sequence[ByNet]) -> dict[str, float]:
    """Middle of the ratios of two sides' measurements in the same round."""
    pairs = list(zip(ours, theirs, strict=True))
    return {
        net: round(median(mine[net] / other[net] for mine, other in pairs), 3) for net in ours[0]
    }
