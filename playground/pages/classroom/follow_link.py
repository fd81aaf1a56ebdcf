"""Going to a link on a page that is open; what was learned there is saved first."""

from __future__ import annotations

from typing import Any, Protocol

from playground.pages.links.link import Link
from playground.pages.runs.drawer.run_actions import ActionResult, RunActions
from playground.pages.runs.person_files import person_files
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.latest_task import LatestTask
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.settings import Settings, quote_briefly
from playground.training.core.notes import Note

KEPT_SETTINGS = frozenset({"dark"})
"""Settings that stay as they are where a link does not name them."""
FOLLOWED = "Your teacher has opened this for the whole class."
NOT_SAVED = (
    "Your teacher wants to open something else for the whole class. This page stays as it is,"
    " because your work could not be saved: "
)


class OpenPage(Protocol):
    """What is used of a page; `Page` imports this package."""

    settings: Settings
    heartbeat: Heartbeat[Any, Any]
    back_pressure: BackPressure
    is_ready: bool

    @property
    def title(self) -> str:
        """Of the page, as it stands in links."""

    @property
    def run_session(self) -> RunSession:
        """The page's work as runs."""

    def notes(self, frame: Any) -> tuple[Note, ...]:  # noqa: ANN401 (that of the page's trainer)
        """Return the notes to show for a frame."""

    def pause(self) -> None:
        """Pause training."""

    def remark(self, *sentences: str) -> None:
        """Show sentences until a person closes them."""

    def open_shared_run(self, token: str) -> None:
        """Continue with a copy of a shared run."""


def follow_link(page: OpenPage, link: Link) -> None:
    """Go to a link in place of what is on a page.

    Parameters
    ----------
    page : OpenPage
        The one that the link is about.
    link : Link
    """
    page.pause()
    if not page.is_ready or not page.run_session.step_count:
        _apply(page, link)
        return

    def go_on(saved: ActionResult) -> None:
        _apply(page, link)
        page.remark(f"What you had trained is among your runs: {saved.message}")

    def stay(sentence: str) -> None:
        page.remark(NOT_SAVED + sentence)

    runs = RunActions(page.run_session, person_files().store)
    LatestTask(go_on, stay).submit(runs.prepare_save(""))


def _apply(page: OpenPage, link: Link) -> None:
    settings = page.settings
    first = {name: each for name, each in settings.defaults.items() if name not in KEPT_SETTINGS}
    remarks = [FOLLOWED, *link.remarks, *settings.apply({**first, **link.values})]
    if page.is_ready:
        page.heartbeat.trainer.reset()
        page.heartbeat.show_present()
        unknown = [name for name in link.values if name not in settings.defaults]
        if unknown:
            remarks.append(f"This page has no setting called {quote_briefly(', '.join(unknown))}.")
    page.remark(*remarks)
    if link.shared_run and page.is_ready:
        page.open_shared_run(link.shared_run)
