"""Saving of a page: automatically while it is served, and in the drawer on request."""

from __future__ import annotations

from collections.abc import Callable

from playground.pages.runs.autosave import Autosave
from playground.pages.runs.browser_tab import BrowserTab
from playground.pages.runs.drawer import Drawer
from playground.pages.runs.person_files import person_files
from playground.pages.runs.run_session import RunSession
from playground.runs import Run
from playground.views.theme import Theme

NO_COOKIE = (
    "This browser keeps no cookie of this site, so what is saved here can't be found again in"
    " another session: download what you want to keep."
)


class PagePersistence:
    """The drawer and the autosave of one page.

    Parameters
    ----------
    snapshot : callable
        Returns the page as one HTML file; called in a worker thread.
    remark : callable
        Shows a sentence to the person.

    Attributes
    ----------
    drawer : Drawer
    tab : BrowserTab
        To be put on a page whose work is saved automatically.
    owns_address : bool
        Whether the browser's address is about this page, and not about another one of the app.
    """

    def __init__(self, snapshot: Callable[[], str], remark: Callable[[str], None]) -> None:
        self._remark = remark
        self.drawer = Drawer(snapshot)
        self.tab = BrowserTab(self._on_tab_known)
        self.owns_address = True
        self._known_tab: tuple[str, bool] | None = None
        self._run_session: RunSession | None = None
        self._autosave: Autosave | None = None

    @property
    def run_session(self) -> RunSession:
        """The page's work; only after `begin`."""
        assert self._run_session is not None, "The page follows no network yet."
        return self._run_session

    def begin(self, run_session: RunSession) -> None:
        """Save this work from now on, and restore what the browser's tab has saved before."""
        self._run_session = run_session
        if self._known_tab is not None:
            self._on_tab_known(*self._known_tab)

    def toggle(self, theme: Theme) -> None:
        """Open the drawer, or close it; `theme` is the page's."""
        if self._run_session is not None:
            self.drawer.toggle(self._run_session, theme)
        else:
            self._remark("There is nothing to save yet: the images are still loading.")

    def _on_tab_known(self, tab: str, reloaded: bool) -> None:
        """Save the work of this tab of the browser from now on."""
        self._known_tab = tab, reloaded
        session = self._run_session
        if session is None or self._autosave is not None:
            return
        requested = session.settings.values()

        def should_restore(run: Run) -> bool:
            # Another link in the same tab asks for other work.
            return reloaded or dict(run.settings) == requested

        def notify(sentence: str) -> None:
            self._remark(sentence)
            if reloaded and self.owns_address:  # The address is newer than what was saved.
                session.settings.apply(requested)

        files = person_files()
        if not files.is_lasting:
            self._remark(NO_COOKIE)
        self._autosave = Autosave(session, session.page, session.heartbeat, files.autosaves, notify)
        self._autosave.begin(tab, should_restore)
