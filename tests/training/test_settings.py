"""Settings: what is chosen, what of it is unusual, and whatever may come in from outside."""

from __future__ import annotations

import json
import math
from typing import Any

import param
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.networks.architecture import Architecture
from playground.problems.gates import Gates
from playground.problems.points.points import Points
from playground.settings import ParameterSetting, Settings
from playground.training.training import Training


class OneOfEachKind(param.Parameterized):
    """One parameter of each kind."""

    number = param.Number(default=0.5, bounds=(0, 1))
    free = param.Number(default=1.0)
    whole = param.Integer(default=3, bounds=(1, 9))
    maybe = param.Integer(default=None, bounds=(1, 9), allow_None=True)
    switch = param.Boolean(default=False)
    word: param.Selector[str] = param.Selector(default="tea", objects=["tea", "Coffee", "a,b"])
    size: param.Selector[int] = param.Selector(default=3, objects=[1, 3, 5])
    some = param.ListSelector(default=["tea"], objects=["tea", "Coffee", "a,b"])
    wholes = param.List(default=[4, 2], item_type=int, bounds=(0, 4))
    names = param.List(default=["x"], item_type=str)
    text = param.String(default="")
    hidden = param.Number(default=1.0, precedence=-1)
    constant = param.Number(default=1.0, constant=True)
    anything = param.Parameter(default=object())
    go = param.Event()


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": st.floats(0, 1),
    "free": st.floats(allow_nan=False, allow_infinity=False),
    "whole": st.integers(1, 9),
    "maybe": st.none() | st.integers(1, 9),
    "switch": st.booleans(),
    "word": st.sampled_from(["tea", "Coffee", "a,b"]),
    "size": st.sampled_from([1, 3, 5]),
    "some": st.lists(st.sampled_from(["tea", "Coffee", "a,b"]), unique=True),
    "wholes": st.lists(st.integers(-(2**53) + 1, 2**53 - 1), max_size=4),
    "names": st.lists(st.text(max_size=9), max_size=9),
    "text": st.text(max_size=50),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=9,
)


def lab() -> tuple[Settings, Gates, Architecture]:
    problem, architecture = Gates(), Architecture(hidden=[6])
    return (
        Settings(problem, (architecture, {"seed": "weight_seed"}), Training()),
        problem,
        architecture,
    )


# What is chosen -----------------------------------------------------------------------------------


def test_parameters_that_text_can_say_are_settings() -> None:
    assert list(Settings(OneOfEachKind()).values()) == list(VALUES)


def test_defaults_are_left_out_of_changed() -> None:
    settings, problem, architecture = lab()
    assert settings.values() == settings.defaults
    assert settings.changed_values() == {}
    problem.gate, architecture.hidden, architecture.seed = "AND", [8, 8], 3
    assert settings.changed_values() == {"gate": "AND", "hidden": [8, 8], "weight_seed": 3}
    assert settings.as_texts() == {"gate": "AND", "hidden": "8,8", "weight_seed": "3"}
    architecture.hidden = [6]
    assert settings.changed_values() == {"gate": "AND", "weight_seed": 3}


def test_values_are_what_json_can_hold() -> None:
    settings, *_ = lab()
    assert json.loads(json.dumps(settings.values())) == settings.values()


def test_two_settings_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="'seed'"):
        Settings(Gates(), Architecture())


def test_one_parameter_or_all_but_one_can_be_a_setting() -> None:
    problem = Gates()
    assert list(Settings(ParameterSetting(problem, "noise", "blur")).values()) == ["blur"]
    assert "table" not in Settings((problem, {"table": None})).values()


def test_watchers_are_called_on_every_change() -> None:
    settings, problem, architecture = lab()
    changes: list[dict[str, Any]] = []
    settings.watch(lambda: changes.append(settings.changed_values()))
    problem.noise = 0.2
    architecture.hidden = []
    assert changes[0] == {"noise": 0.2}
    assert changes[-1] == {"noise": 0.2, "hidden": []}


# What comes in ------------------------------------------------------------------------------------


def test_values_and_their_texts_are_applied() -> None:
    settings, problem, architecture = lab()
    given = {"gate": "and", "hidden": "8,8", "weight_seed": 3, "noise": "0,25", "stop_epoch": "9"}
    assert settings.apply(given) == ()
    assert (problem.gate, problem.noise) == ("AND", 0.25)
    assert (architecture.hidden, architecture.seed) == ([8, 8], 3)
    assert settings.values()["stop_epoch"] == 9
    assert settings.apply({"stop_epoch": "none", "hidden": ""}) == ()
    assert settings.changed_values() == {
        "gate": "AND",
        "noise": 0.25,
        "weight_seed": 3,
        "hidden": [],
    }


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("number", 7, 1.0),
        ("number", "-1e300", 0.0),
        ("whole", 10**400, 9),
        ("whole", "2.6", 3),
        ("maybe", "0", 1),
        ("some", "Coffee,beer,coffee", ["Coffee"]),
        ("wholes", [1] * 1_000_000, [1, 1, 1, 1]),
        ("text", "x" * 100_000, "x" * 1000),
    ],
)
def test_the_nearest_value_is_applied_and_reported(name: str, given: object, taken: object) -> None:
    things = OneOfEachKind()
    (sentence,) = Settings(things).apply({name: given})
    assert getattr(things, name) == taken
    assert f"“{name}” can't be" in sentence
    assert "instead" in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("number", "nan"),
        ("number", math.inf),
        ("number", "1e400"),
        ("number", 10**400),
        ("number", True),
        ("number", "1,000"),
        ("whole", "1,000"),
        ("whole", "-1,000,000"),
        ("number", None),
        ("whole", False),
        ("whole", "3; import os"),
        ("whole", "9" * 5000),
        ("maybe", [1]),
        ("switch", 1),
        ("switch", "perhaps"),
        ("word", "beer"),
        ("size", True),
        ("wholes", "1,x"),
        ("wholes", "[" * 100_000),
        ("wholes", '{"a": 1}'),
        ("wholes", [math.nan]),
        ("names", [1]),
        ("text", 5),
    ],
)
def test_what_cannot_be_coerced_is_refused_and_reported(name: str, given: object) -> None:
    things = OneOfEachKind()
    before = getattr(things, name)
    (sentence,) = Settings(things).apply({name: given})
    assert getattr(things, name) == before
    assert f"“{name}” can't be" in sentence
    assert "stays" in sentence
    assert len(sentence) < 400


def test_what_the_owner_refuses_is_reported_in_its_own_words() -> None:
    settings, _problem, architecture = lab()
    (sentence,) = settings.apply({"hidden": [99], "noise": 0.1})
    assert "1 to 32 neurons" in sentence
    assert architecture.hidden == [6]
    assert settings.changed_values() == {"noise": 0.1}


def test_values_that_depend_on_each_other_come_in_the_right_order() -> None:
    settings, problem, _architecture = lab()
    table = [0, 1, 1, 1, 0, 0, 0, 1]
    given = {"table": table, "horizontal": "C", "inputs_count": 3, "gate": "custom"}
    assert settings.apply(given) == ()
    assert problem.table == tuple(table)
    assert (problem.horizontal, problem.vertical) == ("C", "B")


def test_options_that_are_not_listed_now_are_applied() -> None:
    training = Training()
    training.param.loss.objects = ["cross-entropy"]
    assert Settings(training).apply({"loss": "Huber"}) == ()
    assert training.loss == "Huber"


def test_each_owner_notifies_its_watchers_once() -> None:
    settings, problem, _architecture = lab()
    calls: list[int] = []
    problem.param.watch(lambda *events: calls.append(len(events)), ["gate", "noise"])
    settings.apply({"gate": "OR", "noise": 0.3, "hidden": [2]})
    assert calls == [2]


@pytest.mark.fuzz
@given(st.dictionaries(st.sampled_from([*VALUES, "unknown"]), JSON | st.text()))
def test_nothing_raises_and_all_stays_possible(values: dict[str, Any]) -> None:
    things = OneOfEachKind()
    settings = Settings(things)
    messages = settings.apply(values)
    assert len(messages) <= len(values)
    for name in VALUES:
        setattr(things, name, getattr(things, name))  # Param checks it once more
    assert json.loads(json.dumps(settings.values())) == settings.values()


@pytest.mark.fuzz
@given(st.fixed_dictionaries(VALUES))
def test_texts_say_exactly_what_is_chosen(values: dict[str, Any]) -> None:
    things = OneOfEachKind()
    settings = Settings(things)
    settings.apply(values)
    other = OneOfEachKind()
    Settings(other).apply(settings.as_texts())
    assert {name: getattr(other, name) for name in VALUES} == values


@given(st.fixed_dictionaries(VALUES))
def test_valid_values_are_applied_unchanged(values: dict[str, Any]) -> None:
    things = OneOfEachKind()
    assert Settings(things).apply(values) == ()
    assert {name: getattr(things, name) for name in values} == values


# Parts that come later ----------------------------------------------------------------------------


def test_settings_of_later_parts_are_kept_pending() -> None:
    settings, *_ = lab()
    assert settings.apply({"shape": "spiral", "count": "5000", "gate": "AND", "x": "1"}) == ()
    assert settings.as_texts() == {"gate": "AND", "shape": "spiral", "count": "5000", "x": "1"}
    points = Points()
    (sentence,) = settings.add((points, {"noise": None, "seed": None}))
    assert "2000" in sentence
    assert (points.shape, points.count) == ("spiral", 2000)
    assert settings.defaults["shape"] == "circle"
    assert settings.stop_waiting() == ("x",)
    assert settings.changed_values() == {"gate": "AND", "shape": "spiral", "count": 2000}
    settings.apply({"x": 1})
    assert "x" not in settings.changed_values()
