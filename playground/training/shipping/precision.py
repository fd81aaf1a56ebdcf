"""How exactly it is computed while readers are made."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch


def half_precision(wanted: bool) -> AbstractContextManager[object]:
    """Let convolutions compute in bfloat16 where the processor can: nearly twice as fast."""
    can = torch.cpu._is_avx512_bf16_supported()
    return torch.autocast("cpu", torch.bfloat16, enabled=wanted and can)
