"""The samples of a problem as code: a truth table, a point shape drawn anew, or a list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.export.code.definitions import Definitions
from playground.export.code.formatting import WIDTH, one_line, render_template
from playground.problems.gates import CUSTOM, REPEATS, Gates
from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.clouds import CLOUDS
from playground.problems.points.point_snapshot import even_split_keys
from playground.problems.points.points import OWN, Points
from playground.problems.problem import Problem, Samples
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.tabular_data import TabularData


@dataclass(frozen=True, slots=True)
class DataCode:
    """The part of a script that makes the samples of a problem.

    Attributes
    ----------
    title : str
        Of the problem, to follow the word "Learn".
    code : str
        Makes the training samples `x` and `y`, and `x_test` and `y_test` where there are any.
        Inputs have the shape (n, features); targets are class numbers (n,) for more than two
        classes, and (n, 1) otherwise.
    test : bool
        Whether there are test samples.
    """

    title: str
    code: str
    test: bool


def data_code(
    problem: Problem, definitions: Definitions, features: str, sharpness: float = 1.0
) -> DataCode:
    """Write code for the samples of a problem.

    Parameters
    ----------
    problem : Problem
    definitions : Definitions
    features : str
        The function that computes features from inputs; "" where they are the same.
    sharpness : float
        What outputs are multiplied by, for their probabilities.

    Raises
    ------
    InputError
        If there are no training samples.
    """
    split = problem.samples()
    if not len(split.train):
        raise InputError("There is nothing to learn from yet, so there is no script: add samples.")
    definitions.imports.module("torch")
    many = len(problem.classes) > 2
    template_variables = {"features": features, "many": many}
    if isinstance(problem, Gates):
        return _gate(problem, definitions, template_variables)
    if isinstance(problem, Points) and problem.shape != OWN:
        return _cloud(problem, definitions, template_variables)
    if isinstance(problem, TableProblem):
        return _table(
            problem, definitions, {**template_variables, "sharpened": _model_call(sharpness)}
        )
    return _listed_samples(problem, definitions, template_variables)


def _gate(
    problem: Gates, definitions: Definitions, template_variables: dict[str, object]
) -> DataCode:
    inputs = f"of {problem.inputs_count} inputs"
    title = f"a truth table {inputs}" if problem.gate == CUSTOM else f"{problem.gate} {inputs}"
    if problem.noise:
        definitions.imports.module("numpy", "np")
    rows = np.column_stack([problem.rows(), problem.answers()]).astype(int)
    code = render_template(
        "gate",
        rows=[f"[{', '.join(map(str, row))}]" for row in rows],
        names=", ".join(problem.inputs),
        noise=problem.noise,
        seed=problem.seed,
        repeats=REPEATS,
        **template_variables,
    )
    return DataCode(title, code, test=bool(problem.noise))


def _cloud(
    problem: Points, definitions: Definitions, template_variables: dict[str, object]
) -> DataCode:
    definitions.imports.module("numpy", "np")
    cloud = CLOUDS[problem.shape]
    draw_arguments = (str(problem.count), repr(problem.noise), str(len(problem.classes)))
    test = bool(len(problem.samples().test))
    code = render_template(
        "cloud",
        draw=definitions.format_call(cloud.draw, "rng", *draw_arguments),
        in_train=_training_mask(problem, definitions),
        count=problem.count,
        seed=problem.seed,
        edge=f"{PLANE_EDGE:g}",
        test=test,
        **template_variables,
    )
    return DataCode(f'the points "{problem.shape}"', code, test)


def _training_mask(problem: Points, definitions: Definitions) -> str:
    """Write which points are training points, as `PointSnapshot.split` chooses them."""
    count, keys = problem.count, definitions.format_call(even_split_keys, "0", str(problem.count))
    chosen = len(problem.samples().train)
    if chosen == (even_split_keys(0, count) < problem.train_ratio).sum():
        return f"{keys}[order] < {problem.train_ratio}"
    return f"{keys}.argsort().argsort()[order] < {chosen}"


def _listed_samples(
    problem: Problem, definitions: Definitions, template_variables: dict[str, object]
) -> DataCode:
    definitions.imports.module("numpy", "np")
    split = problem.samples()
    test = bool(len(split.test)) and split.test is not split.train
    code = render_template(
        "literal",
        columns=", ".join(map(one_line, problem.inputs)),
        classes=", ".join(f"{n}: {one_line(name)}" for n, name in enumerate(problem.classes)),
        train=_number_lines(split.train),
        tested=_number_lines(split.test) if test else "",
        **template_variables,
    )
    title = "samples of your own" if problem.classes else "values of your own"
    return DataCode(title, code, test)


def _table(
    problem: TableProblem, definitions: Definitions, template_variables: dict[str, object]
) -> DataCode:
    """Write the rows in the units of the user, and how they are scaled."""
    definitions.imports.module("numpy", "np")
    train, test = problem.split_data()
    preprocessing = problem.preprocessing
    inputs, targets, fill = preprocessing.inputs, preprocessing.targets, preprocessing.fill
    categories = [each.inputs[0] for each in problem.columns if each.categories]
    code = render_template(
        "table",
        categories=one_line(categories[0]) if categories else "",
        fill="" if fill is None else _array("FILL", fill),
        columns=", ".join(map(one_line, problem.inputs)),
        target=one_line(problem.data.target),
        classes=", ".join(f"{n}: {one_line(name)}" for n, name in enumerate(problem.classes)),
        train=_data_lines(train),
        tested=_data_lines(test) if len(test) else "",
        offset="" if inputs.is_identity else _array("MEAN", inputs.offset),
        scale=_array("DEVIATION", inputs.scale),
        value_offset=repr(float(targets.offset[0])),
        value_scale="" if targets.is_identity else repr(float(targets.scale[0])),
        **template_variables,
    )
    return DataCode(f'"{one_line(problem.data.target)}" from a table', code, bool(len(test)))


def _array(name: str, numbers: npt.NDArray[np.float64]) -> str:
    """Write an array on one line if it fits, else one number a line."""
    listed = [*map(repr, numbers.tolist())]
    line = f"{name} = np.array([{', '.join(listed)}])"
    if len(line) <= WIDTH:
        return line
    lines = "".join(f"        {number},\n" for number in listed)
    return f"{name} = np.array(\n    [\n{lines}    ]\n)"


def _model_call(sharpness: float) -> str:
    return "model(prepare(rows))" + ("" if sharpness == 1 else f" * {sharpness!r}")


def _data_lines(data: TabularData) -> str:
    """Write one row a line, each number with as few digits as double precision needs."""
    return "\n".join(
        " ".join([*map(repr, row), repr(target)])
        for row, target in zip(data.x.tolist(), data.y.tolist(), strict=True)
    )


def _number_lines(samples: Samples) -> str:
    """Write one sample a line, each number with as few digits as single precision needs."""
    table = np.column_stack([samples.x, samples.y.astype(np.float32)]).astype(np.float32)
    return "\n".join(
        " ".join(np.format_float_positional(number, trim="-") for number in row) for row in table
    )
