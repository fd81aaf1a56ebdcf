"""Taking a ImageFrame: what a run shows of itself, copied out of the tensors it learns in."""

from __future__ import annotations

import math
from dataclasses import replace

from playground.networks.classifiers import LayerSummary
from playground.training.core import diagnosis
from playground.training.core.notes import Note
from playground.training.images.frame import ImageFrame, Tiles
from playground.training.images.image_data import to_images
from playground.training.images.probes.weight_layers import tiles
from playground.training.images.training_run import ImageRun

SHOWN_COUNT = 16


def build_frame(
    run: ImageRun, stages: tuple[LayerSummary, ...], build_error: Note | None
) -> ImageFrame:
    """Look at a run, at the cost of a copy of the first layer; see `ImageFrame`."""
    total, remaining = len(run.batches.pictures), run.remaining
    results, probes = run.results, run.probes
    frame = ImageFrame(
        epoch=run.epoch,
        step=run.steps,
        progress=1 - remaining / total,
        evaluating=run.evaluating,
        images_per_s=run.throughput.per_second,
        epoch_seconds_left=run.throughput.seconds_for(remaining),
        seconds_left=_seconds_left(run),
        classes=run.images.classes,
        stages=stages,
        train=results.scores[0],
        test=results.scores[1],
        tested_count=results.tested_count,
        curves=run.history.curves(),
        rate=run.training.rate(run.epoch),
        confusion=results.confusion,
        tiles=Tiles(tiles(run.classifier.network), run.tiles_start, run.tiles_last_epoch),
        probe_set=probes.probe_set,
        points=probes.points,
        explained_variance=probes.explained_variance,
        samples=probes.samples,
        mistakes=run.mistakes,
        augmented_inputs=to_images(run.batches.last_inputs[:SHOWN_COUNT]).numpy(),
        learned_epoch=run.learned_epoch,
    )
    return replace(frame, notes=notes(frame, run, build_error, run.divergence_note))


def notes(frame: ImageFrame, run: ImageRun, *errors: Note | None) -> tuple[Note, ...]:
    """Everything worth saying about a run, what went wrong first."""
    remark = run.images.remark
    found = (
        *errors,
        Note("data", "data", "warning", remark) if remark else None,
        diagnosis.rate_too_high(frame, run.training),
        diagnosis.overfitting(frame, run.training),
    )
    return tuple(note for note in found if note is not None)


def _seconds_left(run: ImageRun) -> float:
    end = run.training.stop_epoch
    if end is None:
        return math.nan
    pictures = run.remaining + (end - run.epoch - 1) * len(run.batches.pictures)
    return run.throughput.seconds_for(max(0, pictures))
