"""What is kept of a page's work: by itself while it is served, and when a person asks for it."""

from __future__ import annotations

from playground.pages.runs.autosave import Autosave
from playground.pages.runs.browser_tab import BrowserTab
from playground.pages.runs.drawer import Drawer
from playground.pages.runs.protocols import SavablePage
from playground.pages.runs.run_session import RunSession
from playground.runs import Autosaves, Run, default_folder


class PagePersistence:
    """Keeps the work of one page.

    Parameters
    ----------
    page : Page
        It need not follow a network yet; see `begin`.

    Attributes
    ----------
    drawer : Drawer
    tab : BrowserTab
        To be put on the page where work is to be saved by itself.
    owns_address : bool
        Whether the browser's address speaks of this page, and not of another one of the app.
    """

    def __init__(self, page: SavablePage) -> None:
        self._page = page
        self.drawer = Drawer(page.snapshot)
        self.tab = BrowserTab(self._on_tab_known)
        self.owns_address = True
        self._known_tab: tuple[str, bool] | None = None
        self._run_session: RunSession | None = None
        self._autosave: Autosave | None = None

    @property
    def run_session(self) -> RunSession:
        """The page's work, once it follows a network."""
        if self._run_session is None:
            self._run_session = RunSession(self._page)
        return self._run_session

    def begin(self) -> None:
        """Take up the work that the browser's tab may have saved, now that there is a network."""
        if self._known_tab is not None:
            self._on_tab_known(*self._known_tab)

    def toggle(self, _event: object) -> None:
        """Open the drawer, or close it."""
        page = self._page
        if page.is_ready:
            self.drawer.toggle(self.run_session, page.trainer, page.theme)
        else:
            page.remark("There is nothing to keep yet: the pictures are still being loaded.")

    def _on_tab_known(self, tab: str, reloaded: bool) -> None:
        """Save the work of this tab of the browser from now on."""
        self._known_tab = tab, reloaded
        page = self._page
        if not page.is_ready or self._autosave is not None:
            return
        requested = page.settings.values()

        def is_wanted(run: Run) -> bool:
            # Another link in the same tab asks for other work.
            return reloaded or dict(run.settings) == requested

        def notify(sentence: str) -> None:
            page.remark(sentence)
            if reloaded and self.owns_address:  # The address is newer than what was saved.
                page.settings.apply(requested)

        autosaves = Autosaves(default_folder())
        self._autosave = Autosave(self.run_session, page.title, page.heartbeat, autosaves, notify)
        self._autosave.begin(tab, is_wanted)
