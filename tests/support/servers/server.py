"""A real `panel serve`, in a process of its own, whose log must stay free of errors."""

from __future__ import annotations

import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.support.servers.forked_program import ForkedProgram

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

# Port 0 lets the system choose a free one, so that two runs never meet on the same.
OPTIONS = (
    "--address=127.0.0.1",
    "--liveness",
    "--log-level=info",
    "--log-format=%(asctime)s %(levelname)s %(message)s",
)
RUNNING = re.compile(r"(?:running|Launching server) at:? http://(?:127\.0\.0\.1|localhost):(\d+)")
ERROR_LINE = re.compile(r"\b(ERROR|CRITICAL)\b|^Traceback", re.MULTILINE)
# Bokeh awaits none of its writes: what is under way when a browser leaves ends like this.
DISCONNECT_ERRORS = re.compile(
    r"^.* ERROR Task exception was never retrieved[\n ]future: .*WebSocketClosedError\(\)>.*\n"
    r"(.*\n)*?tornado\.websocket\.WebSocketClosedError\n",
    re.MULTILINE,
)


# urllib keeps the proxies of its first request for good, whatever they were.
OPENER_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServerLog:
    """The file that takes all that a server prints, checked for errors piece by piece.

    Parameters
    ----------
    path
        The file, which need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._checked = 0

    def read(self) -> str:
        """Return what has been printed so far."""
        return self.path.read_text()

    def check(self) -> None:
        """Raise AssertionError when an error or a traceback was printed since the last check."""
        log = self.read()
        unchecked, self._checked = log[self._checked :], len(log)
        unchecked = DISCONNECT_ERRORS.sub("", unchecked)
        assert not ERROR_LINE.search(unchecked), f"the server logged an error:\n{unchecked}"


class PanelServer:
    """`panel serve` on some apps, or `playground serve`.

    Parameters
    ----------
    apps
        Files, or a folder with a `main.py`, as on the command line; with none it is `playground
        serve`.
    log
        The file that takes all the server prints.
    port
        Where another one was before; any that is free if left out.
    environment
        Variables that differ from those of the tests; None takes one away.
    module
        What has the command `serve` where there are no apps.
    """

    def __init__(
        self,
        *apps: Path | str,
        log: Path,
        port: int = 0,
        environment: Mapping[str, str | None] | None = None,
        module: str = "playground",
    ) -> None:
        self.log = ServerLog(log)
        arguments = ["serve", *map(str, apps), *OPTIONS] if apps else ["serve", "--no-show"]
        variables = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        }
        self._process = ForkedProgram(
            "panel" if apps else module,
            [*arguments, f"--port={port}"],
            {name: value for name, value in variables.items() if value is not None},
            ROOT,
            log,
        )

    def url(self) -> str:
        """Return the server's address, without a final slash, once it answers.

        Raises
        ------
        RuntimeError
            When the server ends, or does not answer in time; with its log.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.status is None:
            if (started := RUNNING.search(self.log.read())) and self._alive(started[1]):
                return f"http://127.0.0.1:{started[1]}"
            time.sleep(POLL_SECONDS)
        self.stop()
        raise RuntimeError(f"panel serve did not start:\n{self.log.read()}")

    def stop(self) -> None:
        """End the server; by force when it does not end in time."""
        if not self._process.terminate(STOP_SECONDS):
            self._process.kill()

    @property
    def process_id(self) -> int:
        """The number of the process."""
        return self._process.id

    def terminate(self) -> float:
        """Send SIGTERM, and return the seconds until the end."""
        started = time.monotonic()
        assert self._process.terminate(STOP_SECONDS), self.log.read()
        return time.monotonic() - started

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._process.kill()

    @staticmethod
    def _alive(port: str) -> bool:
        # The liveness address opens no session; a page's own address would.
        try:
            with OPENER_WITHOUT_PROXY.open(
                f"http://127.0.0.1:{port}/liveness", timeout=5
            ) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError):
            return False
