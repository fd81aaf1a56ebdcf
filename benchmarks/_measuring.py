"""Command line, repeated measurements and output of all benchmarks."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Value = float | int | None
Results = Mapping[str, "Value | Results"]
ByNet = Mapping[str, float]
Side = Callable[[], ByNet]


def argument_parser(description: str | None) -> argparse.ArgumentParser:
    """Create the parser of the options that all benchmarks have; a benchmark may add others."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="take less than 50 s")
    parser.add_argument("--json", action="store_true", help="print one JSON object, not a table")
    return parser


@dataclass(frozen=True)
class Size:
    """How much a benchmark measures, as an option of its command line.

    Attributes
    ----------
    help : str
    quick, full : int or float
        Its value with and without `--quick`, unless one is given.
    """

    help: str
    quick: float
    full: float


def run_command(
    description: str | None,
    arguments: Sequence[str],
    run_benchmark: Callable[..., Results],
    **sizes: Size,
) -> None:
    """Run a benchmark with the sizes that its command line asks for, and print its results."""
    parser = argument_parser(description)
    for name, size in sizes.items():
        parser.add_argument(f"--{name}", type=type(size.full), help=size.help)
    choices = parser.parse_args(arguments)
    values = {
        name: getattr(choices, name) or (size.quick if choices.quick else size.full)
        for name, size in sizes.items()
    }
    print_result(run_benchmark(**values), as_json=choices.json)


def log_progress(text: str) -> None:
    """Print progress on standard error; standard output is for the result."""
    print(text, file=sys.stderr, flush=True)


def print_result(results: Results, *, as_json: bool) -> None:
    """Print the result: one JSON object, or a table of its keys, joined by dots."""
    if as_json:
        print(json.dumps(results))
        return
    rows = list(flatten(results))
    width = max(len(key) for key, _value in rows)
    for key, value in rows:
        print(f"{key:{width}}  {format_value(value):>10}")


def flatten(results: Results, prefix: str = "") -> Iterator[tuple[str, Value]]:
    """Yield all values of nested results, each with its keys joined by dots."""
    for key, value in results.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def format_value(value: Value) -> str:
    """Format a number with three significant digits; a dash stands for one not measured."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def measure_in_turn(sides: Mapping[str, Side], rounds: int) -> dict[str, list[ByNet]]:
    """Measure all sides in turn, several times, so that all are disturbed alike by other work.

    Parameters
    ----------
    sides : mapping of str to callable
        Each returns one measurement of all nets.
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
    """Median of one side's measurements, by net."""
    return {net: median(each[net] for each in rounds) for net in rounds[0]}


def median_ratios(ours: Sequence[ByNet], theirs: Sequence[ByNet]) -> dict[str, float]:
    """Median of the ratios of two sides' measurements in the same round, by net."""
    pairs = list(zip(ours, theirs, strict=True))
    return {
        net: round(median(mine[net] / other[net] for mine, other in pairs), 3) for net in ours[0]
    }
