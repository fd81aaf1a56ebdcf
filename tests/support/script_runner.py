"""Runs scripts one after another in a process that knows nothing of Playground.

Each line on standard input is, as JSON, a script with its arguments; each line on standard output
says, as JSON, what it printed. Starting PyTorch anew for each would take most of the time.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
import traceback


def run_script(path: str, *arguments: str) -> dict[str, str]:
    """Run a script as a program; return what it printed, or how it failed."""
    printed = io.StringIO()
    sys.argv = [path, *arguments]
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path, run_name="__main__")
    except Exception:
        return {"printed": printed.getvalue(), "failed": traceback.format_exc()}
    imported_playground = sorted(
        name for name in sys.modules if name.partition(".")[0] == "playground"
    )
    return {"printed": printed.getvalue(), "failed": " ".join(imported_playground)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run_script(*json.loads(line))), flush=True)
