"""The other side: a browser playground's scalar loops, run by Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "shared" / "peer" / "browser_loop.mjs"


def find_command() -> tuple[str, str] | None:
    """Return Node and the peer's file, PLAYGROUND_PEER or else beside the repository.

    Returns
    -------
    (str, str) or None
        The beginning of a command line; None where one of the two is missing.
    """
    node = shutil.which("node")
    file = Path(os.environ.get("PLAYGROUND_PEER", DEFAULT_FILE))
    return (node, str(file)) if node and file.is_file() else None


def epochs_per_second(command: tuple[str, str], seconds: float) -> Mapping[str, float]:
    """Let the peer learn each network for so many seconds; epochs per second by network."""
    answer = subprocess.run([*command, str(seconds)], capture_output=True, text=True, check=True)
    rates: dict[str, float] = json.loads(answer.stdout)["epochs_per_second"]
    return rates
