"""What is kept of a page's work: by itself while it is served, and when a person asks for it."""

from __future__ import annotations

from playground.pages.keep.autosave import Autosave
from playground.pages.keep.drawer import Drawer
from playground.pages.keep.tab import Tab
from playground.pages.keep.workplace import Kept
from playground.pages.workplace import Work
from playground.runs import Autosaves, Run, usual_folder


class Keeping:
    """Keeps the work of one page.

    Parameters
    ----------
    page : Page
        It need not follow a network yet; see `begin`.

    Attributes
    ----------
    drawer : Drawer
    tab : Tab
        To be put on the page where work is to be saved by itself.
    addressed : bool
        Whether the browser's address speaks of this page, and not of another one of the app.
    """

    def __init__(self, page: Kept) -> None:
        self._page = page
        self.drawer = Drawer(page.snapshot)
        self.tab = Tab(self._know)
        self.addressed = True
        self._known: tuple[str, bool] | None = None
        self._work: Work | None = None
        self._autosave: Autosave | None = None

    @property
    def work(self) -> Work:
        """The page's work, once it follows a network."""
        if self._work is None:
            self._work = Work(self._page)
        return self._work

    def begin(self) -> None:
        """Take up the work that the browser's tab may have saved, now that there is a network."""
        if self._known is not None:
            self._know(*self._known)

    def turn(self, _event: object) -> None:
        """Open the drawer, or close it."""
        page = self._page
        if page.begun:
            self.drawer.turn(self.work, page.trainer, page.theme)
        else:
            page.remark("There is nothing to keep yet: the pictures are still being loaded.")

    def _know(self, tab: str, reloaded: bool) -> None:
        """Save the work of this tab of the browser from now on."""
        self._known = tab, reloaded
        page = self._page
        if not page.begun or self._autosave is not None:
            return
        asked = page.settings.values()

        def wanted(run: Run) -> bool:
            # Another link in the same tab asks for other work.
            return reloaded or dict(run.settings) == asked

        def say(sentence: str) -> None:
            page.remark(sentence)
            if reloaded and self.addressed:  # The address is newer than what was saved.
                page.settings.take(asked)

        autosaves = Autosaves(usual_folder())
        self._autosave = Autosave(self.work, page.title, page.heartbeat, autosaves, say)
        self._autosave.begin(tab, wanted)
