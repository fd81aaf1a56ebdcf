"""Addresses for whoever runs a server: is it alive, can it take visitors, what is it doing.

`playground serve` has them; with `panel serve` they come by `--plugins playground.pages.routes`.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from tornado.web import HTTPError, RequestHandler

from playground.pages.classroom.class_address import ARGUMENT
from playground.runs import default_folder
from playground.serving.identity.person import FORWARDED
from playground.serving.process.server_metrics import count_work, registry, session_count
from playground.serving.protection.hosts import is_loopback
from playground.serving.session_limits import sessions_elsewhere
from playground.serving.settings.server_settings import server_settings
from playground.serving.threads.thread_pools import (
    brief_slice_workers,
    explanation_workers,
    export_workers,
    landscape_workers,
    loading_workers,
    prediction_workers,
    workers,
)

log = logging.getLogger(__name__)

MIN_FREE_MB = 100
"""Megabytes on the disk of the runs without which no visitor should be sent here."""


class Liveness(RequestHandler):
    """Answers as long as the event loop runs; unlike Panel's, builds no page for a stranger."""

    def get(self) -> None:
        """Answer the request."""
        self.write({"alive": True})


class OperatorHandler(RequestHandler):
    """An address for those whom the setting `metrics` names."""

    def prepare(self) -> None:
        """Refuse everybody else."""
        allowed = server_settings().metrics
        forwarded = any(header in self.request.headers for header in FORWARDED)
        if allowed == "off" or (
            allowed == "loopback" and (forwarded or not is_loopback(self.request.remote_ip))
        ):
            raise HTTPError(404)


class Readiness(OperatorHandler):
    """Whether new visitors can be sent here: status 200, or 503 with what speaks against it."""

    def get(self) -> None:
        """Answer the request."""
        found = problems(default_folder(), session_count() + sessions_elsewhere())
        if found:
            log.warning("not ready", extra={"problems": json.dumps(found)})
            self.set_status(503)
        self.write({"ready": not found, "problems": found})


class Metrics(OperatorHandler):
    """Numbers in the format of Prometheus."""

    def get(self) -> None:
        """Answer the request."""
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.write(generate_latest(registry))


class ClassAddress(RequestHandler):
    """`/class`: leads to the page of a teacher, where the setting `class_password` allows it."""

    def get(self) -> None:
        """Answer the request."""
        if not server_settings().has_class:
            raise HTTPError(404)
        pages: Any = self.application  # Bokeh's, which knows the paths of its pages
        self.redirect(f"{pages.prefix}{min(pages.app_paths)}?{ARGUMENT}")


def problems(folder: Path, sessions: int) -> Mapping[str, str]:
    """Return what keeps a server from taking more visitors, a sentence each.

    Parameters
    ----------
    folder : Path
        Where runs are saved.
    sessions : int
        Number of open sessions of all workers.
    """
    found = {}
    existing = next((each for each in (folder, *folder.parents) if each.exists()), None)
    if existing is None or not os.access(existing, os.W_OK):
        found["runs"] = "The folder of runs can't be written."
    elif (free := shutil.disk_usage(existing).free) < MIN_FREE_MB * 1_000_000:
        found["disk"] = f"The disk of the runs has only {free / 1e6:.0f} MB left."
    most = server_settings().max_sessions
    if sessions >= most:
        found["sessions"] = f"There are {sessions} sessions, and {most} is the most."
    return found


for _name, _pool in (
    ("slice", workers),
    ("brief-slice", brief_slice_workers),
    ("prediction", prediction_workers),
    ("explanation", explanation_workers),
    ("landscape", landscape_workers),
    ("loader", loading_workers),
    ("export", export_workers),
):
    count_work(_name, _pool)

ROUTES = [
    (r"/liveness", Liveness),
    (r"/readiness", Readiness),
    (r"/metrics", Metrics),
    (r"/class", ClassAddress),
]
"""Patterns and handlers, as Panel's `--plugins` expects them."""
