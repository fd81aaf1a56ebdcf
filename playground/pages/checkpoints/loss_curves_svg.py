"""The curves of the losses over the checkpoints of a run, as the ground of their slider."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_POINTS = 240
"""Points of a curve; it is drawn anew while the network learns."""
WIDTH, HEIGHT = 1000, 60

Losses = npt.NDArray[np.float64]


def loss_curves_svg(infos: Sequence[Any], pinned_epoch: float | None) -> str:
    """Write the curves as SVG that stretches to the size of its place.

    Parameters
    ----------
    infos : sequence of CheckpointInfo
        One is as far from the next as the slider's positions are; the last position is the latest
        state, which has the losses of the last checkpoint.
    pinned_epoch : float or None
        Where a mark stands.
    """
    if len(infos) < 2:
        return ""
    chosen = np.unique(np.linspace(0, len(infos) - 1, min(len(infos), MAX_POINTS)).astype(int))
    train = np.array([float(infos[index].train.loss) for index in chosen])
    test = np.array([float(infos[index].test.loss) for index in chosen])
    # A training loss of NaN ran away; a test loss of NaN is none.
    losses = {"training": np.nan_to_num(train, nan=np.inf), "test": test}
    finite = np.concatenate([each[np.isfinite(each)] for each in losses.values()])
    top = max(float(finite.max(initial=0.0)), 1e-12)
    across = np.append(chosen, len(infos)) * (WIDTH / len(infos))
    heights = {name: _heights(each, top) for name, each in losses.items()}
    lines = {
        name: " ".join(f"{x:.0f},{y:.1f}" for x, y in zip(across, down, strict=True) if y == y)
        for name, down in heights.items()
    }
    curves = "".join(
        f'<polyline class="pg-ground-{name}" points="{points}"/>'
        for name, points in lines.items()
        if points
    )
    return (
        f'<div class="pg-ground"><svg viewBox="0 0 {WIDTH} {HEIGHT}" '
        'preserveAspectRatio="none" aria-hidden="true">'
        f'<polygon points="0,{HEIGHT} {lines["training"]} {WIDTH},{HEIGHT}"/>{curves}'
        f"</svg>{_key(name for name, points in lines.items() if points)}"
        f"{_pin(infos, pinned_epoch)}</div>"
    )


def _heights(loss: Losses, top: float) -> Losses:
    """Return how far down a curve is at each point and at the latest state; NaN where it is not."""
    return HEIGHT - 2 - (HEIGHT - 8) * np.clip(np.append(loss, loss[-1]) / top, 0, 1)


def _key(names: Iterable[str]) -> str:
    """Write beside the curves what they are, always in the same order: their ends change places."""
    rows = "".join(
        '<span><svg viewBox="0 0 16 2" width="16" height="2" aria-hidden="true">'
        f'<polyline class="pg-ground-{name}" points="0,1 16,1"/></svg>{name}</span>'
        for name in names
    )
    return f'<div class="pg-ground-key"><span>loss</span>{rows}</div>'


def _pin(infos: Sequence[Any], epoch: float | None) -> str:
    if epoch is None:
        return ""
    epochs = np.array([float(info.epoch) for info in infos])
    position = int(np.searchsorted(epochs, epoch)) / len(infos)
    return f'<i class="pg-pinned" style="left: {min(position, 1):.2%}" title="pinned"></i>'
