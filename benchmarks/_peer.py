"""The peer: the training loop of another browser playground, run by Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "shared" / "peer" / "browser_loop.mjs"


def find_command() -> tuple[str, str] | None:
    """Return the command that runs the peer: Node and a file, PLAYGROUND_PEER or the default.

    Returns
    -------
    (str, str) or None
        The beginning of a command line; None if one of the two is missing.
    """
    node = shutil.which("node")
    file = Path(os.environ.get("PLAYGROUND_PEER", DEFAULT_FILE))
    return (node, str(file)) if node and file.is_file() else None


def epochs_per_second(command: tuple[str, str], seconds: float) -> Mapping[str, float]:
    """Run the peer for a number of seconds on each network; epochs per second by network."""
    answer = subprocess.run([*command, str(seconds)], capture_output=True, text=True, check=True)
    rates: dict[str, float] = json.loads(answer.stdout)["epochs_per_second"]
    return rates
