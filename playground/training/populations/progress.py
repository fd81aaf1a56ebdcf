"""How far each member of a population has come."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from playground.training.core.diagnosis import DivergenceCause, divergence_cause
from playground.training.core.sessions.comparability import GOOD_BEST_FACTOR, GOOD_START_FACTOR
from playground.training.core.state.state_reader import MAX_COUNT, RestoreStep, StateReader
from playground.training.populations.scores import MemberScores

NEVER = -1
_CAUSES: tuple[DivergenceCause, ...] = ("NaN", "infinite", "large", "weights", "unknown")
"""Files hold their places in this order: others are added at its end."""


class MemberProgress:
    """Who has learned, who has diverged, and the last good weights of each member.

    Parameters
    ----------
    members : int

    Attributes
    ----------
    learned_epoch : int64 Tensor of shape (members,)
        The first epoch from which on the quality has reached the goal; -1 where it has not.
    sure_epoch : int64 Tensor of shape (members,)
        As a page of one network tells it: the first epoch after which the task counted as learned,
        while it does; -1 while it does not.
    first_sure_epoch : int64 Tensor of shape (members,)
        The same epoch, whether it still does or not; -1 where it never did.
    diverged_epoch : int64 Tensor of shape (members,)
        The epoch in which training diverged and ended; -1 where it did not.
    good_weights : Tensor of shape (members, size)
        To go back to after a divergence.
    """

    good_weights: Tensor

    def __init__(self, members: int) -> None:
        self.learned_epoch = torch.full((members,), NEVER)
        self.sure_epoch = self.learned_epoch.clone()
        self.first_sure_epoch = self.learned_epoch.clone()
        self.diverged_epoch = self.learned_epoch.clone()
        self._causes = torch.zeros(members, dtype=torch.int64)
        self._start_loss = self._best_loss = torch.full((members,), torch.nan)

    @property
    def diverged(self) -> Tensor:
        """Which members have diverged, bool (members,)."""
        return self.diverged_epoch != NEVER

    def cause(self, member: int) -> DivergenceCause | None:
        """Return why the training of a member diverged; None if it did not."""
        return _CAUSES[int(self._causes[member])] if bool(self.diverged[member]) else None

    def start(self, losses: Tensor) -> None:
        """Take training losses (members,) as those of the start."""
        self._start_loss = self._best_loss = losses

    def update(self, epoch: int, scores: MemberScores, goal: float) -> None:
        """Note who has learned by an epoch."""
        self.learned_epoch = _since(self.learned_epoch, scores.quality >= goal, epoch)
        before, first = self.sure_epoch, self.first_sure_epoch
        sure = torch.where(before == NEVER, scores.learned, scores.kept)
        self.first_sure_epoch = torch.where(sure & (first == NEVER), epoch, first)
        self.sure_epoch = torch.where(sure, self.first_sure_epoch, NEVER)

    def save_good_weights(self, weights: Tensor, losses: Tensor) -> None:
        """Keep the weights of those members whose loss is good; see `Comparability.is_good`."""
        self._best_loss = torch.fmin(self._best_loss, losses)
        limit = torch.fmax(GOOD_START_FACTOR * self._start_loss, GOOD_BEST_FACTOR * self._best_loss)
        torch.where((losses > limit)[:, None], self.good_weights, weights, out=self.good_weights)

    def stop(self, epoch: int, members: Tensor, losses: Tensor) -> None:
        """Mark members as diverged in an epoch, with the cause; `members` is bool, (members,)."""
        for number in (members & ~self.diverged).nonzero().flatten().tolist():
            self.diverged_epoch[number] = epoch
            self._causes[number] = _CAUSES.index(divergence_cause(float(losses[number])))

    def go_back(self, epoch: int) -> None:
        """Forget what happened after an epoch."""
        for name in ("learned_epoch", "sure_epoch", "first_sure_epoch", "diverged_epoch"):
            known = getattr(self, name)
            setattr(self, name, torch.where(known <= epoch, known, NEVER))

    def tensors(self) -> dict[str, Tensor]:
        """Copy what a state keeps."""
        return {
            "learned_in": self.learned_epoch.clone(),
            "sure_in": self.sure_epoch.clone(),
            "first_sure_in": self.first_sure_epoch.clone(),
            "diverged_in": self.diverged_epoch.clone(),
            "causes": self._causes.clone(),
            "good": self.good_weights.clone(),
        }

    def prepare_restore(self, saved: StateReader, like: Tensor) -> RestoreStep:
        """Check what `tensors` made, and return the step that restores it.

        Parameters
        ----------
        saved : StateReader
        like : Tensor of shape (members, size)
            The weights.
        """
        members = len(self.learned_epoch)
        learned, sure, diverged = (
            self._saved_epochs(saved, name) for name in ("learned_in", "sure_in", "diverged_in")
        )
        # Files of earlier versions know only whether the task is learned now.
        first = "first_sure_in" if "first_sure_in" in saved else "sure_in"
        causes = saved.indices("causes", members, len(_CAUSES))
        good = saved.tensor("good", tuple(like.shape), like.dtype, finite=True)
        first_sure = self._saved_epochs(saved, first)
        return partial(self._resume, learned, sure, first_sure, diverged, causes, good)

    def _saved_epochs(self, saved: StateReader, name: str) -> Tensor:
        epochs = saved.tensor(name, tuple(self.learned_epoch.shape), torch.int64)
        if ((epochs < NEVER) | (epochs > MAX_COUNT)).any():
            raise saved.invalid(name, f"should hold epochs, or {NEVER}")
        return epochs

    def _resume(
        self,
        learned: Tensor,
        sure: Tensor,
        first_sure: Tensor,
        diverged: Tensor,
        causes: Tensor,
        good: Tensor,
    ) -> None:
        self.learned_epoch, self.sure_epoch = learned.clone(), sure.clone()
        self.first_sure_epoch = first_sure.clone()
        self.diverged_epoch, self._causes = diverged.clone(), causes.clone()
        self.good_weights = good.clone()


def _since(known: Tensor, holds: Tensor, epoch: int) -> Tensor:
    """Return since when something holds: since before, since now, or not."""
    return torch.where(holds, torch.where(known == NEVER, epoch, known), NEVER)
