"""What a screen reader says when something happens that is otherwise only seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import param

from playground.pages.part import Part
from playground.serving.browser.browser_component import OUT_OF_FLOW, BrowserComponent, join_scripts
from playground.serving.heartbeat import Heartbeat

HERE = Path(__file__)
LIVE_REGION = HERE.with_name("live_region.js")


class LiveRegion(BrowserComponent):
    """An invisible text whose changes a screen reader reads out when it has nothing else to say."""

    text = param.String(default="", doc="What is said.")

    _esm = join_scripts(LIVE_REGION, HERE.with_suffix(".js"))

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, styles=OUT_OF_FLOW, **params)


class Announcer(Part):
    """Says milestones of the training: it runs, pauses, has learned everything, or diverged."""

    def __init__(self) -> None:
        super().__init__()
        self.region = LiveRegion()
        self._learned: int | None = None

    def __panel__(self) -> LiveRegion:
        return self.region

    def say(self, *sentences: str) -> None:
        """Have sentences read out."""
        self.region.text = " ".join(sentences)

    def follow(self, heartbeat: Heartbeat[Any, Any]) -> None:
        """Say when training starts and pauses from now on, and why."""

        def announce(*_: object) -> None:
            if heartbeat.running:
                self.say("Training.")
                return
            reason = heartbeat.trainer.paused_by
            said = "" if reason is None else reason.sentence
            self.say(f"Paused at epoch {heartbeat.frame.epoch:,.4g}.", said)

        heartbeat.param.watch(announce, "running")

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Say that a newer frame's network has learned everything."""
        learned = frame.learned_epoch
        if learned is not None and learned != self._learned:
            self.say(f"Solved at epoch {learned:,.4g}.")
        self._learned = learned
