"""A tab of saved runs: save, open, rename, copy, delete, compare, download and import them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from html import escape
from io import BytesIO

import panel as pn
import param

from playground.errors import InputError
from playground.pages.controls.buttons import text_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.uploads.file_dropper import file_dropper
from playground.pages.links.link import RUN
from playground.pages.part import Part
from playground.pages.runs.drawer.run_actions import ActionResult, RunActions, RunListing
from playground.pages.runs.drawer.run_comparison import RunComparison
from playground.pages.runs.drawer.run_list import RunList
from playground.pages.runs.drawer.run_toolbar import DELETE, RunToolbar
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.latest_task import LatestTask
from playground.pages.shell.worker_result import worker_result
from playground.runs import Examples, RunRecord, Shares, Store, StoreEntry
from playground.runs.record import MAX_NAME_LENGTH
from playground.views.theme import Theme

MAX_UPLOAD_MB = 200
"""Size of the largest run file that can be imported."""


SHARE, STOP = "Share", "Stop sharing"


class RunsTab(Part):
    """The runs of a folder, and what can be done with them.

    Files are read and written in worker threads, one action at a time. Errors are shown as
    sentences.

    Parameters
    ----------
    session : RunSession
        Work of the page: saved here, and replaced by a run that is opened.
    store : Store
    theme : Theme
    examples : Examples, optional
        Runs for everybody, which are listed below.
    shares : Shares, optional
        The links to runs of the store; without them runs can't be shared.

    Attributes
    ----------
    views : tuple of LiveView
        The compared curves.
    """

    def __init__(
        self,
        session: RunSession,
        store: Store,
        theme: Theme,
        examples: Examples | None = None,
        shares: Shares | None = None,
    ) -> None:
        super().__init__()
        self._session, self._actions = session, RunActions(session, store, examples, shares)
        self._can_share = shares is not None
        self._listed: dict[str, StoreEntry] = {}
        self._examples: Collection[str] = ()
        self._tokens: Mapping[str, str] = {}
        self._uploads: deque[tuple[str, bytes]] = deque()
        self._action_task: LatestTask[ActionResult] = LatestTask(self._done, self._refuse)
        self._listing_task: LatestTask[RunListing] = LatestTask(self._show, self._show_message)
        self._list = RunList()
        self._list.on_choose, self._list.on_compare = self._choose, self._compare
        self._comparison = RunComparison(theme)
        self.views = (self._comparison.view,)
        self._build()
        pn.state.onload(self.refresh)

    def __panel__(self) -> pn.Column:
        return self._column

    def refresh(self) -> None:
        """List the folder again, which other processes may have changed."""
        self._listing_task.submit(self._actions.list_runs)

    def _build(self) -> None:
        self._name = pn.widgets.TextInput(
            name="Name to save under, or to rename to",
            placeholder="a name of your own",
            max_length=MAX_NAME_LENGTH,
            margin=0,
            sizing_mode="stretch_width",
        )
        self._name.param.watch(lambda _event: self._save(), "enter_pressed")
        self._toolbar = RunToolbar(
            {
                "Open": self._open,
                "Rename": self._rename,
                "Duplicate": self._duplicate,
                **({SHARE: self._share, STOP: self._stop_sharing} if self._can_share else {}),
            },
            self._delete,
            self._content,
        )
        self._file = file_dropper(MAX_UPLOAD_MB)
        self._file.param.watch(self._receive, "value")
        self._file.param.watch(
            lambda event: self._show_message(event.new), "refusal", onlychanged=False
        )
        self._message = LiveHTML("", margin=0, visible=False)
        self._link = LiveHTML("", margin=0, visible=False)
        self._usage = LiveHTML("", css_classes=["pg-about"], margin=0, visible=False)
        self._column = pn.Column(
            self._name,
            pn.Row(
                text_button("Save as …", self._save),
                text_button("Refresh", self.refresh),
                css_classes=["pg-switches"],
                margin=0,
            ),
            self._message,
            self._list,
            self._toolbar,
            self._link,
            self._usage,
            self._comparison,
            pn.pane.HTML("<h3>A run from a file</h3>", margin=0),
            self._file,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )

    # Actions -----------------------------------------------------------------------------------

    def _save(self) -> None:
        name = self._typed_name
        self._run_action(self._actions.prepare_save(name))

    def _open(self) -> None:
        id = self._list.chosen
        self._run_action(lambda: self._actions.open(id))

    def _rename(self) -> None:
        id, name = self._list.chosen, self._typed_name
        self._run_action(lambda: self._actions.rename(id, name))

    def _duplicate(self) -> None:
        id = self._list.chosen
        self._run_action(lambda: self._actions.duplicate(id))

    def _delete(self) -> None:
        id = self._list.chosen
        self._run_action(lambda: self._actions.delete(id))

    def _share(self) -> None:
        id = self._list.chosen
        self._run_action(lambda: self._actions.share(id))

    def _stop_sharing(self) -> None:
        id = self._list.chosen
        self._run_action(lambda: self._actions.stop_sharing(id))

    def _receive(self, _event: param.parameterized.Event) -> None:
        """Queue uploaded files for import."""
        self._uploads.extend(self._file.take())
        self._import_next()

    def _import_next(self) -> None:
        if self._uploads and not self._action_task.busy:
            name, data = self._uploads.popleft()
            self._run_action(lambda: self._actions.import_run(data, name))

    async def _content(self) -> BytesIO | None:
        """Read the file of the chosen run, for its download."""
        id = self._list.chosen
        content = await worker_result(lambda: self._actions.content(id), self._refuse)
        return None if content is None else BytesIO(content)

    @property
    def _typed_name(self) -> str:
        return (self._name.value or "").strip()

    def _run_action(self, work: Callable[[], ActionResult]) -> None:
        if self._action_task.busy:
            self._show_message("Please wait, the last action is still running.")
            return
        self._toolbar.hide_confirmation()
        self._action_task.submit(work)

    # Results ------------------------------------------------------------------------------------

    def _done(self, done: ActionResult) -> None:
        self._show_message(done.message, wrong=False)
        if done.run_to_open is not None:
            try:
                self._session.resume_run(done.run_to_open, lambda: None, self._show_message)
            except InputError as error:
                self._show_message(str(error))
        self._name.value = ""
        self._list.chosen = done.chosen
        self.refresh()
        self._import_next()

    def _refuse(self, sentence: str) -> None:
        self._show_message(sentence)
        self.refresh()
        self._import_next()

    def _show(self, found: RunListing) -> None:
        self._listed = {each.id: each for each in found.records}
        self._examples, self._tokens = found.examples, found.tokens
        self._usage.param.update(object=found.usage, visible=bool(found.usage))
        if found.remark:
            self._show_message(found.remark)
        self._comparison.update_runs(found.records)
        chosen = self._list.chosen if self._list.chosen in self._listed else ""
        self._list.param.update(rows=found.rows, colours=self._comparison.colours, chosen=chosen)
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Offer what can be done with the chosen run, and show its link if it is shared."""
        id = self._list.chosen
        token = self._tokens.get(id)
        if id in self._examples:
            impossible = ["Rename", DELETE, SHARE, STOP]
        else:
            impossible = [STOP if token is None else SHARE]
        self._toolbar.show_run(self._listed.get(id), impossible)
        link = "" if token is None else f'<a href="?{RUN}={token}">Link to this run</a>'
        self._link.param.update(object=link, visible=bool(link))

    def _choose(self, id: str) -> None:
        self._list.chosen = id
        self._show_message("")
        self._toolbar.hide_confirmation()
        self._show_chosen()

    def _compare(self, id: str, wanted: bool) -> None:
        record = self._listed.get(id)
        try:
            if wanted and isinstance(record, RunRecord):
                self._comparison.add(record)
            else:
                self._comparison.remove(id)
        except InputError as error:
            self._show_message(str(error))
            self._list.undo_tick()
        self._list.colours = self._comparison.colours

    def _show_message(self, sentence: str, *, wrong: bool = True) -> None:
        kind = "pg-refused" if wrong else "pg-idle"
        text = f'<p class="{kind}">{escape(sentence)}</p>' if sentence else ""
        self._message.param.update(object=text, visible=bool(text))
