"""Values of parameters that are read at less cost are those that Param itself reads."""

from __future__ import annotations

from itertools import count
from typing import Any

import param
import pytest

from playground.serving.patches.parameter_reads import patch_parameter_reads, read_value


class Kinds(param.Parameterized):
    """Parameters with and without a value of their own."""

    number = param.Number(default=0.5, bounds=(0, 10))
    count = param.Integer(default=None, allow_None=True)
    text = param.String(default="a")
    choice = param.Selector(objects=["b", "c"])


class Child(Kinds):
    """Inherits all, and has another default."""

    number = param.Number(default=2.5)


def test_values_and_defaults_are_those_of_param() -> None:
    patch_parameter_reads()
    for kind in (Kinds, Child):
        plain, changed = kind(), kind(number=3, count=4, text="d", choice="c")
        defaults = {
            name: kind.param[name].default for name in ("number", "count", "text", "choice")
        }
        assert {name: getattr(plain, name) for name in defaults} == defaults
        assert {name: getattr(kind, name) for name in defaults} == defaults
        assert (changed.number, changed.count, changed.text, changed.choice) == (3, 4, "d", "c")
    assert (Kinds.number, Child.number) == (0.5, 2.5)


def test_a_number_that_a_function_makes_is_made_at_each_reading() -> None:
    patch_parameter_reads()
    numbers: Any = count(1)
    dynamic = Kinds(number=lambda: next(numbers))
    assert [dynamic.number, dynamic.number] == [1, 2]
    dynamic.number = lambda: 11
    with pytest.raises(ValueError, match="at most 10"):
        _ = dynamic.number


def test_a_parameter_without_a_name_has_no_value() -> None:
    with pytest.raises(ValueError, match="not set"):
        read_value(param.String(), Kinds())
