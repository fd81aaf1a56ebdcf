"""A tab of runs: saved under a name, opened again, copied, compared, sent to others."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from html import escape
from io import BytesIO

import panel as pn
import param

from playground.errors import InputError
from playground.live import workers
from playground.pages.dropper import dropper
from playground.pages.errand import Errand
from playground.pages.keep.actions import Actions, Done, Seen
from playground.pages.keep.comparison import Comparison
from playground.pages.keep.run_list import RunList
from playground.pages.keep.toolbar import Toolbar, plain_button
from playground.pages.keep.workplace import Workplace
from playground.pages.part import Part
from playground.pages.words import Words
from playground.runs import Listed, Record, Store
from playground.runs.record import LONGEST_NAME
from playground.views.theme import Theme

MOST_UPLOAD = "200MB"


class RunsTab(Part):
    """The runs of a folder, and what can be done with them.

    Files are read and written in worker threads, one action at a time. Whatever goes wrong is
    said in a sentence.

    Parameters
    ----------
    workplace : Workplace
        The page whose work is saved here, and which goes on with a run that is opened.
    store : Store
    theme : Theme

    Attributes
    ----------
    view : LiveView
        The compared curves.
    """

    def __init__(self, workplace: Workplace, store: Store, theme: Theme) -> None:
        super().__init__()
        self._workplace, self._actions = workplace, Actions(workplace, store)
        self._listed: dict[str, Listed] = {}
        self._arrived: deque[tuple[str, bytes | str]] = deque()
        self._acting: Errand[Done] = Errand(self._done, self._refuse)
        self._looking: Errand[Seen] = Errand(self._show, self._say)
        self._list = RunList()
        self._list.on_choose, self._list.on_compare = self._choose, self._compare
        self._comparison = Comparison(theme)
        self.view = self._comparison.view
        self._build()
        pn.state.onload(self.refresh)

    def __panel__(self) -> pn.Column:
        return self._column

    def refresh(self) -> None:
        """Look into the folder again, in which others may have been."""
        self._looking.ask(self._actions.look)

    def _build(self) -> None:
        self._name = pn.widgets.TextInput(
            name="Name to save under, or to rename to",
            placeholder="a name of your own",
            max_length=LONGEST_NAME,
            margin=0,
            sizing_mode="stretch_width",
        )
        self._name.param.watch(lambda _event: self._save(), "enter_pressed")
        self._tools = Toolbar(
            {"Open": self._open, "Rename": self._rename, "Duplicate": self._duplicate},
            self._delete,
            self._content,
        )
        self._file = dropper(MOST_UPLOAD)
        self._file.param.watch(self._receive, "value")
        self._said = Words("", margin=0, visible=False)
        self._column = pn.Column(
            self._name,
            pn.Row(
                plain_button("Save as …", self._save),
                plain_button("Look again", self.refresh),
                css_classes=["pg-switches"],
                margin=0,
            ),
            self._said,
            self._list,
            self._tools,
            self._comparison,
            pn.pane.HTML("<h3>A run from a file</h3>", margin=0),
            self._file,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )

    # What people do ----------------------------------------------------------------------------

    def _save(self) -> None:
        name = self._written
        self._act(lambda: self._actions.save(name))

    def _open(self) -> None:
        id = self._list.chosen
        self._act(lambda: self._actions.open(id))

    def _rename(self) -> None:
        id, name = self._list.chosen, self._written
        self._act(lambda: self._actions.rename(id, name))

    def _duplicate(self) -> None:
        id = self._list.chosen
        self._act(lambda: self._actions.duplicate(id))

    def _delete(self) -> None:
        id = self._list.chosen
        self._act(lambda: self._actions.delete(id))

    def _receive(self, event: param.parameterized.Event) -> None:
        """Take in files that have just come."""
        self._arrived.extend(event.new.items())
        event.new.clear()  # kept, they would take up memory for good
        self._adopt_next()

    def _adopt_next(self) -> None:
        if self._arrived and not self._acting.busy:
            name, content = self._arrived.popleft()
            data = content.encode() if isinstance(content, str) else content
            self._act(lambda: self._actions.adopt(data, name))

    async def _content(self) -> BytesIO | None:
        """The file of the chosen run, for its download."""
        loop, id = asyncio.get_running_loop(), self._list.chosen
        try:
            return BytesIO(await loop.run_in_executor(workers, self._actions.content, id))
        except InputError as error:
            self._refuse(str(error))
            return None

    @property
    def _written(self) -> str:
        return (self._name.value or "").strip()

    def _act(self, work: Callable[[], Done]) -> None:
        if self._acting.busy:
            self._say("One moment, the last step is still being done.")
            return
        self._tools.calm()
        self._acting.ask(work)

    # What comes of it --------------------------------------------------------------------------

    def _done(self, done: Done) -> None:
        self._say(done.said, wrong=False)
        if done.opened is not None:
            try:
                self._workplace.open_run(done.opened, lambda: None, self._say)
            except InputError as error:
                self._say(str(error))
        self._name.value = ""
        self._list.chosen = done.chosen
        self.refresh()
        self._adopt_next()

    def _refuse(self, sentence: str) -> None:
        self._say(sentence)
        self.refresh()
        self._adopt_next()

    def _show(self, seen: Seen) -> None:
        self._listed = {each.id: each for each in seen.listed}
        self._comparison.follow_list(seen.listed)
        chosen = self._list.chosen if self._list.chosen in self._listed else ""
        self._list.param.update(rows=seen.rows, colours=self._comparison.colours, chosen=chosen)
        self._tools.about(self._listed.get(chosen))

    def _choose(self, id: str) -> None:
        self._list.chosen = id
        self._say("")
        self._tools.calm()
        self._tools.about(self._listed.get(id))

    def _compare(self, id: str, wanted: bool) -> None:
        record = self._listed.get(id)
        try:
            if wanted and isinstance(record, Record):
                self._comparison.add(record)
            else:
                self._comparison.remove(id)
        except InputError as error:
            self._say(str(error))
            self._list.take_back()
        self._list.colours = self._comparison.colours

    def _say(self, sentence: str, *, wrong: bool = True) -> None:
        kind = "pg-refused" if wrong else "pg-idle"
        text = f'<p class="{kind}">{escape(sentence)}</p>' if sentence else ""
        self._said.param.update(object=text, visible=bool(text))
