"""Many small cases in one test, which names all that fail.

A test of its own for each of a thousand cases would take longer to be set up and reported than to
run.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any


def check_each(check: Callable[..., object], cases: Iterable[tuple[Any, ...]]) -> None:
    """Call a check with the values of each case.

    Raises
    ------
    ExceptionGroup
        With what was raised in any case, and a note that says in which.
    """
    failures = []
    for case in cases:
        try:
            check(*case)
        except Exception as error:
            error.add_note(f"in the case {', '.join(map(str, case))}")
            failures.append(error)
    if failures:
        raise ExceptionGroup("cases that failed", failures)


def in_turn(names: str, values: Iterable[Any]) -> Callable[[Callable[..., None]], Any]:
    """Give a test each of some values in turn, as `pytest.mark.parametrize` gives them to many.

    For quick tests that leave nothing behind, since all cases share the fixtures of one.

    Parameters
    ----------
    names : str
        Arguments of the test, with commas between them.
    values : iterable
        Of tuples if there are several names.
    """
    named, cases = [each.strip() for each in names.split(",")], list(values)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def all_cases(**others: Any) -> None:
            def check(*case: Any) -> None:
                test(**dict(zip(named, case, strict=True)), **others)

            check_each(check, cases if len(named) > 1 else zip(cases, strict=True))

        signature = inspect.signature(test)
        left = [each for name, each in signature.parameters.items() if name not in named]
        # From the signature pytest knows which arguments are left.
        all_cases.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return all_cases

    return decorate
