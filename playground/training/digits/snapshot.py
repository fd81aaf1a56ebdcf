"""Taking a ReaderFrame: what a run shows of itself, copied out of the tensors it learns in."""

from __future__ import annotations

import math
from dataclasses import replace

from playground.networks.readers import Stage
from playground.training import diagnosis
from playground.training.digits.frame import ReaderFrame, Tiles
from playground.training.digits.pictures import as_pictures
from playground.training.digits.run import ReaderRun
from playground.training.digits.tiles import tiles
from playground.training.frame import Note

SHOWN = 16


def take(run: ReaderRun, stages: tuple[Stage, ...], refusal: Note | None) -> ReaderFrame:
    """Look at a run, at the cost of a copy of the first layer; see `ReaderFrame`."""
    total, left = len(run.drill.pictures), run.left
    results, sights = run.results, run.sights
    frame = ReaderFrame(
        epoch=run.epoch,
        step=run.steps,
        progress=1 - left / total,
        examining=run.examining,
        images_per_s=run.pace.per_second,
        epoch_seconds_left=run.pace.seconds_for(left),
        seconds_left=_seconds_left(run),
        classes=run.images.classes,
        stages=stages,
        train=results.scores[0],
        test=results.scores[1],
        tested=results.tested,
        curves=run.history.curves(),
        rate=run.training.rate(run.epoch),
        confusion=results.confusion,
        tiles=Tiles(tiles(run.learner.network), run.tiles_start, run.tiles_last_epoch),
        panel=sights.panel,
        points=sights.points,
        spread=sights.spread,
        samples=sights.samples,
        mistakes=run.mistakes,
        shown=as_pictures(run.drill.ready[:SHOWN]).numpy(),
        learned=run.learned,
    )
    return replace(frame, notes=notes(frame, run, refusal, run.trouble))


def notes(frame: ReaderFrame, run: ReaderRun, *wrong: Note | None) -> tuple[Note, ...]:
    """Everything worth saying about a run, what went wrong first."""
    remark = run.images.remark
    found = (
        *wrong,
        Note("data", "data", "warning", remark) if remark else None,
        diagnosis.rate_too_high(frame, run.training),
        diagnosis.overfitting(frame, run.training),
    )
    return tuple(note for note in found if note is not None)


def _seconds_left(run: ReaderRun) -> float:
    end = run.training.stop_epoch
    if end is None:
        return math.nan
    pictures = run.left + (end - run.epoch - 1) * len(run.drill.pictures)
    return run.pace.seconds_for(max(0, pictures))
