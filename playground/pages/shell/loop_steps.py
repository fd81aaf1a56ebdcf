"""Long work on the event loop, in steps between which others are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from playground.serving.browser.update_batching import hold_updates
from playground.serving.sessions import loop_scheduler

Step = Callable[[], None]


def in_steps(steps: Iterable[Step]) -> None:
    """Call functions one after the other, each in a round of the event loop of its own.

    The first is called at once; where no event loop runs, all are. What one changes is sent before
    the next is called. After one that fails, no other is called.
    """
    left = iter(steps)

    def go_on() -> None:
        for step in left:
            with hold_updates():
                step()
            if (schedule := loop_scheduler()) is not None:
                schedule(go_on)
                return

    go_on()
