"""Parts of a page that are shown the present frame."""

from __future__ import annotations

from playground.serving.heartbeat import Heartbeat


def follow_frame(heartbeat: Heartbeat, *parts) -> Heartbeat:
    """Show the state of things, as the heartbeat does."""
    heartbeat.frame = heartbeat.trainer.frame()
    for part in parts:
        part.update(heartbeat.frame)
    return heartbeat
