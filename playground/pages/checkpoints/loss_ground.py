"""The curve of the training loss over the checkpoints of a run, as the ground of their slider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

MAX_POINTS = 240
"""Points of the curve; it is drawn anew while the network learns."""
WIDTH, HEIGHT = 1000, 60


def loss_ground(infos: Sequence[Any], pinned_epoch: float | None) -> str:
    """Write the curve as SVG that stretches to the size of its place.

    Parameters
    ----------
    infos : sequence of CheckpointInfo
        One is as far from the next as the slider's positions are; the last position is the latest
        state, which has the loss of the last checkpoint.
    pinned_epoch : float or None
        Where a mark stands.
    """
    if len(infos) < 2:
        return ""
    chosen = np.unique(np.linspace(0, len(infos) - 1, min(len(infos), MAX_POINTS)).astype(int))
    loss = np.array([float(infos[index].train.loss) for index in chosen])
    loss = np.append(loss, loss[-1])
    across = np.append(chosen, len(infos)) * (WIDTH / len(infos))
    loss[~np.isfinite(loss)] = np.nanmax(np.where(np.isfinite(loss), loss, 0))
    top = max(float(loss.max()), 1e-12)
    down = HEIGHT - 2 - (HEIGHT - 8) * np.clip(loss / top, 0, 1)
    points = " ".join(f"{x:.0f},{y:.1f}" for x, y in zip(across, down, strict=True))
    return (
        f'<div class="pg-ground"><svg viewBox="0 0 {WIDTH} {HEIGHT}" '
        'preserveAspectRatio="none" aria-hidden="true">'
        f'<polygon points="0,{HEIGHT} {points} {WIDTH},{HEIGHT}"/><polyline points="{points}"/>'
        f'</svg><span class="pg-ground-name">training loss</span>{_pin(infos, pinned_epoch)}</div>'
    )


def _pin(infos: Sequence[Any], epoch: float | None) -> str:
    if epoch is None:
        return ""
    epochs = np.array([float(info.epoch) for info in infos])
    position = int(np.searchsorted(epochs, epoch)) / len(infos)
    return f'<i class="pg-pinned" style="left: {min(position, 1):.2%}" title="pinned"></i>'
