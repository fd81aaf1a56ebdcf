"""The samples of a problem as code: a truth table, a cloud drawn anew, or number by number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.export.code.layout import filled, one_line
from playground.export.code.quotes import Quotes
from playground.problems.cloud_registry import EDGE
from playground.problems.clouds import CLOUDS
from playground.problems.gates import CUSTOM, REPEATS, Gates
from playground.problems.points import OWN, Points
from playground.problems.problem import Problem, Samples
from playground.problems.snapshot import even_shares


@dataclass(frozen=True, slots=True)
class Data:
    """Code that makes the samples, and what is to be said of them.

    Attributes
    ----------
    title : str
        What is learned, to follow "Learn".
    code : str
        Makes `x` and `y` to learn from, and `x_test` and `y_test` where there are any. Inputs
        are of shape (n, features); targets are class numbers (n,) where there are more than two
        classes, and (n, 1) otherwise.
    test : bool
        Whether there are others to be examined with.
    """

    title: str
    code: str
    test: bool


def data(problem: Problem, quotes: Quotes, features: str) -> Data:
    """Write out the samples of a problem.

    Parameters
    ----------
    problem : Problem
    quotes : Quotes
    features : str
        What the code calls to turn inputs into features; "" where they are the same.

    Raises
    ------
    InputError
        If there is nothing to learn from.
    """
    split = problem.samples()
    if not len(split.train):
        raise InputError("There is nothing to learn from yet, so there is no script: add samples.")
    quotes.imports.module("torch")
    many = len(problem.classes) > 2
    words = {"features": features, "many": many}
    if isinstance(problem, Gates):
        return _gate(problem, quotes, words)
    if isinstance(problem, Points) and problem.shape != OWN:
        return _cloud(problem, quotes, words)
    return _literal(problem, quotes, words)


def _gate(problem: Gates, quotes: Quotes, words: dict[str, object]) -> Data:
    inputs = f"of {problem.inputs_count} inputs"
    title = f"a truth table {inputs}" if problem.gate == CUSTOM else f"{problem.gate} {inputs}"
    if problem.noise:
        quotes.imports.module("numpy", "np")
    rows = np.column_stack([problem.rows(), problem.answers()]).astype(int)
    code = filled(
        "gate",
        rows=[f"[{', '.join(map(str, row))}]" for row in rows],
        names=", ".join(problem.inputs),
        noise=problem.noise,
        seed=problem.seed,
        repeats=REPEATS,
        **words,
    )
    return Data(title, code, test=bool(problem.noise))


def _cloud(problem: Points, quotes: Quotes, words: dict[str, object]) -> Data:
    quotes.imports.module("numpy", "np")
    cloud = CLOUDS[problem.shape]
    drawn = (str(problem.count), repr(problem.noise), str(len(problem.classes)))
    test = bool(len(problem.samples().test))
    code = filled(
        "cloud",
        draw=quotes.call(cloud.draw, "rng", *drawn),
        shares=quotes.call(even_shares, "0", str(problem.count)),
        count=problem.count,
        ratio=problem.train_ratio,
        seed=problem.seed,
        edge=f"{EDGE:g}",
        test=test,
        **words,
    )
    return Data(f'the points "{problem.shape}"', code, test)


def _literal(problem: Problem, quotes: Quotes, words: dict[str, object]) -> Data:
    quotes.imports.module("numpy", "np")
    split = problem.samples()
    test = bool(len(split.test)) and split.test is not split.train
    code = filled(
        "literal",
        columns=", ".join(map(one_line, problem.inputs)),
        classes=", ".join(f"{n}: {one_line(name)}" for n, name in enumerate(problem.classes)),
        train=_rows(split.train),
        tested=_rows(split.test) if test else "",
        **words,
    )
    title = "samples of your own" if problem.classes else "values of your own"
    return Data(title, code, test)


def _rows(samples: Samples) -> str:
    """One sample a line, each number as short as single precision allows."""
    table = np.column_stack([samples.x, samples.y.astype(np.float32)]).astype(np.float32)
    return "\n".join(
        " ".join(np.format_float_positional(number, trim="-") for number in row) for row in table
    )
