"""Find a Chromium for the browser tests, or install one.

The tests only look (`find_chromium`); `make chromium` runs this module, which also installs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
APPLICATION_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
INSTALL_SECONDS = 600
MISSING_MESSAGE = (
    "No Chromium: the browser tests cannot run. Install Chromium or Chrome, or set "
    "PLAYGROUND_CHROMIUM to one, or run `make chromium`, which tries to install it."
)


def find_chromium() -> Path | None:
    """Return a Chromium that starts: the one named, an installed one, or Playwright's own.

    Returns
    -------
    Path or None
        The executable, or None when there is none.

    Raises
    ------
    FileNotFoundError
        When PLAYGROUND_CHROMIUM names something that does not start.
    """
    if named := os.environ.get("PLAYGROUND_CHROMIUM"):
        if not is_runnable(Path(named)):
            raise FileNotFoundError(f"PLAYGROUND_CHROMIUM={named} does not start as a browser.")
        return Path(named)
    return next(filter(is_runnable, candidates()), None)


def candidates() -> Iterator[Path]:
    """Yield where a Chromium may be, the likeliest first."""
    for command in COMMANDS:
        if path := shutil.which(command):
            yield Path(path)
    yield from map(Path, APPLICATION_PATHS)
    yield from playwright_chromium()


def playwright_chromium() -> Iterator[Path]:
    """Yield where Playwright keeps the Chromium it downloads.

    Asked in a process of its own, because Playwright cannot be started twice in one.
    """
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    if answer.returncode == 0:
        yield Path(answer.stdout.strip())


def is_runnable(path: Path) -> bool:
    """Tell whether `path` runs; Ubuntu's `chromium-browser` can be a mere note to use snap."""
    if not path.is_file():
        return False
    if sys.platform == "win32":
        return True  # there `--version` would open a window
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def installers() -> Iterator[list[list[str]]]:
    """Yield the ways to install a Chromium here, each a list of commands."""
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if may_install_packages():
        yield [["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"]]


def may_install_packages() -> bool:
    """Tell whether this process may use the system's package manager without asking anyone."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(commands: list[list[str]]) -> bool:
    """Run `commands` until one fails, and tell whether none did."""
    for command in commands:
        print("+", *command, flush=True)
        try:
            done = subprocess.run(command, timeout=INSTALL_SECONDS, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error, flush=True)
            return False
        if done.returncode:
            return False
    return True


def obtain_chromium() -> Path | None:
    """Find a Chromium, installing one where none is found."""
    if found := find_chromium():
        return found
    for commands in installers():
        if install(commands) and (found := find_chromium()):
            return found
    return None


def is_required() -> bool:
    """Tell whether a missing Chromium is a failure rather than a reason to skip."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def main() -> int:
    """Say which Chromium the browser tests will use; 1 when it is required and missing."""
    if found := obtain_chromium():
        print(f"Chromium for the browser tests: {found}")
        return 0
    line = "!" * 80
    print(line, MISSING_MESSAGE, line, sep="\n", file=sys.stderr)
    return int(is_required())


if __name__ == "__main__":
    sys.exit(main())
