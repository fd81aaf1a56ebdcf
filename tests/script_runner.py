"""Runs scripts one after another in a process that knows nothing of Playground.

Each line on standard input names a script; each line on standard output says, as JSON, what it
printed. Starting PyTorch anew for each would take most of the time.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
import traceback


def ran(path: str) -> dict[str, str]:
    """Run a script as a program; return what it printed, or how it failed."""
    printed = io.StringIO()
    sys.argv = [path]
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path, run_name="__main__")
    except Exception:
        return {"printed": printed.getvalue(), "failed": traceback.format_exc()}
    foreign = sorted(name for name in sys.modules if name.partition(".")[0] == "playground")
    return {"printed": printed.getvalue(), "failed": " ".join(foreign)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(ran(line.strip())), flush=True)
