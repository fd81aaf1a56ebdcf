"""Many small cases in one test, which names all that fail.

A test of its own for each of a thousand cases would take longer to be set up and reported than to
run.
"""

from __future__ import annotations

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
