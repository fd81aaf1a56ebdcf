"""Looking at a run as it was."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import numpy as np
from torch import Tensor

from playground.problems.problem import Floats
from playground.training.digits.frame import ReaderFrame, Readings, Tiles
from playground.training.digits.packing import unpack
from playground.training.digits.run import ReaderRun
from playground.training.digits.sights import PANEL, SAMPLES
from playground.training.digits.snapshot import notes
from playground.training.digits.standing import MISTAKES, Results
from playground.training.digits.tiles import tiles
from playground.training.frame import Note
from playground.training.past import Memory
from playground.training.rewinding import Weights


class LookBack:
    """Sees with the eyes of then, through a copy of the network on memory of its own.

    A large network is given only the beginning of the panel: a piece of work, of some 20 ms.

    Parameters
    ----------
    run : ReaderRun
    """

    def __init__(self, run: ReaderRun) -> None:
        self._run = run
        self._network = copy.deepcopy(run.learner.network).eval()
        piece = run.learner.piece
        most = PANEL if 2 * piece >= PANEL else max(piece, SAMPLES)
        self._sights = run.sights.through(self._network, most)

    def frame(self, then: Memory, now: ReaderFrame, refusal: Note | None) -> ReaderFrame:
        """Take what has changed since then back to what it was."""
        run, moment, sights = self._run, then.moment, self._sights
        epoch, learned = int(moment.epoch), now.learned
        last_epoch = self._tiles_at(self._last_epoch(epoch))
        tiles_then, results = self._tiles_at(then), recall(run, then)[1]
        sights.look_at_once()
        frame = replace(
            now,
            epoch=epoch,
            step=moment.step,
            progress=moment.epoch - epoch,
            examining=False,
            train=moment.train,
            test=moment.test,
            tested=results.tested,
            confusion=results.confusion,
            rate=run.training.rate(epoch),
            tiles=Tiles(tiles_then, now.tiles.start, last_epoch),
            panel=sights.panel,
            points=sights.points,
            spread=sights.spread,
            samples=sights.samples,
            mistakes=_worst(sights.panel),
            learned=learned if learned is not None and learned <= epoch else None,
            images_per_s=math.nan,
            epoch_seconds_left=math.nan,
            seconds_left=math.nan,
        )
        past = replace(frame, curves=frame.curves.until(moment.epoch))
        return replace(frame, notes=notes(past, run, refusal))

    def weights(self, then: Memory) -> Weights:
        """Copy the weights of then out, by name; floating point numbers in single precision."""
        self._put_on(then)
        return {
            name: (each.float() if each.is_floating_point() else each).numpy().copy()
            for name, each in self._network.state_dict().items()
        }

    def _put_on(self, then: Memory) -> None:
        """Give the copy the weights of then."""
        (flat, *buffers), _ = recall(self._run, then)
        parameters = list(self._network.parameters())
        pieces = flat[0].split([each.numel() for each in parameters])
        for parameter, piece in zip(parameters, pieces, strict=True):
            parameter.copy_(piece.view(parameter.shape))
        for buffer, value in zip(self._network.buffers(), buffers, strict=True):
            buffer.copy_(value)

    def _last_epoch(self, epoch: int) -> Memory | None:
        """Find the end of an epoch, or the last moment before it that is kept."""
        memories = [each for each in self._run.past.memories if each.moment.epoch <= epoch]
        return memories[-1] if memories else None

    def _tiles_at(self, then: Memory | None) -> Floats:
        if then is None:
            return self._run.tiles_start
        self._put_on(then)
        return tiles(self._network)


def recall(run: ReaderRun, then: Memory) -> tuple[list[Tensor], Results]:
    """Copy out the state of the learner at a moment, and the results of then."""
    *state, tested, confusion = unpack(then.row, run.memory)
    scores = then.moment.train, then.moment.test
    return state, Results(scores, int(tested), confusion.numpy())


def _worst(panel: Readings) -> Readings:
    """Pick the wrong answers that were given with the most confidence."""
    wrong = np.flatnonzero(panel.said != panel.labels)
    worst = wrong[np.argsort(-panel.sureness[wrong], kind="stable")[:MISTAKES]]
    return Readings(panel.pictures[worst], panel.labels[worst], panel.probabilities[worst])
