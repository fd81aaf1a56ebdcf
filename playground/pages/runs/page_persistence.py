"""Saving of a page: automatically while it is served, and in the drawer on request."""

from __future__ import annotations

from collections.abc import Callable

from playground.errors import InputError
from playground.pages.runs.autosave import Autosave
from playground.pages.runs.browser_tab import BrowserTab
from playground.pages.runs.drawer.drawer import Drawer
from playground.pages.runs.person_files import links_folder, person_files
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run, open_shared
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
    on_saved : callable
        See `Autosave`.

    Attributes
    ----------
    drawer : Drawer
    tab : BrowserTab
        To be put on a page whose work is saved automatically.
    owns_address : bool
        Whether the browser's address is about this page, and not about another one of the app.
    restores : bool
        Whether work that the tab has saved is restored; not where a person has begun other work.
    shared_run : str
        Token of the shared run that the page's link leads to; "" if there is none.
    """

    def __init__(
        self,
        snapshot: Callable[[], str],
        remark: Callable[[str], None],
        on_saved: Callable[[str], None],
    ) -> None:
        self._remark, self._on_saved = remark, on_saved
        self.drawer = Drawer(snapshot)
        self.tab = BrowserTab(self._on_tab_known)
        self.owns_address = self.restores = True
        self.shared_run = ""
        self._known_tab: tuple[str, bool] | None = None
        self._has_begun = False
        self._on_restored: Callable[[], None] | None = None
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

    def when_restored(self, call: Callable[[], None]) -> None:
        """Call a function once what the browser's tab has saved is restored.

        That is at once where no browser shows the page. Only the last function counts.
        """
        if self._has_begun or not self.tab.is_shown:
            call()
        else:
            self._on_restored = call

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
            return self.restores and (reloaded or dict(run.settings) == requested)

        def notify(sentence: str) -> None:
            self._remark(sentence)
            if reloaded and self.owns_address:  # The address is newer than what was saved.
                known = requested.keys() - session.data.settings
                session.settings.apply({name: requested[name] for name in known})

        files = person_files()
        if not files.is_lasting:
            self._remark(NO_COOKIE)
        self._autosave = Autosave(
            session,
            session.page,
            session.heartbeat,
            files.autosaves,
            notify,
            self._on_saved,
        )
        self._autosave.begin(tab, should_restore, self._on_begun)

    def _on_begun(self) -> None:
        self._has_begun = True
        call, self._on_restored = self._on_restored, None
        if call is not None:
            call()
        else:
            self._open_linked_run()

    def _open_linked_run(self) -> None:
        """Open a copy of the run that the page's link leads to, unless it has trained already.

        It has where its own work was restored. A link is followed once.
        """
        token, self.shared_run = self.shared_run, ""
        if token and not self.run_session.step_count:
            self.open_shared_run(token)

    def open_shared_run(self, token: str) -> None:
        """Open a copy of a shared run in place of the page's work."""
        session = self.run_session

        def resume(run: Run) -> None:
            sentence = f"“{run.name}” is open: a copy of a shared run. Save it to keep it."
            try:
                session.resume_run(run, lambda: self._remark(sentence), self._remark)
            except InputError as error:
                self._remark(str(error))

        LatestTask(resume, self._remark).submit(lambda: open_shared(token, links_folder()))
