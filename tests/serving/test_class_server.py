"""A teacher and pupils on a real server, over sockets: who sees what, and what ends when."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Self

import pytest

from playground.pages.classroom import lessons_here
from playground.pages.classroom.lessons_here import lessons
from playground.pages.classroom.pupil_tiles import Tile
from playground.runs import default_folder
from playground.runs.ids import new_id
from playground.serving.settings.server_settings import server_settings
from tests.support.in_new_thread import in_new_thread
from tests.support.servers.session_server import (
    end_sessions,
    no_page_is_left,
    serve_small,
    session_server,
)
from tests.support.servers.socket_client import Model, SocketClient, wait_until

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

PASSWORD = "correct horse"


class Visitor(SocketClient):
    """A tab of a browser."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address, token)
        self._tiles: dict[str, Tile] = {}

    @classmethod
    async def teach(cls, address: str) -> Self:
        """Open the page of a teacher."""
        client = await cls.load(f"{address}?class")
        client.address = address
        await client.connect()
        return client

    async def tell_tab(self, tab: str, *, reloaded: bool = False, parts: int = 1) -> None:
        """Report the tab's id to all parts of the page that ask for it, as a browser does."""

        def tab_components() -> list[Model]:
            return [each for each in self.models.values() if each.get("class_name") == "BrowserTab"]

        await wait_until(lambda: len(tab_components()) == parts)
        for each in tab_components():
            await self.send_event("data_event", each, data={"tab": tab, "reloaded": reloaded})

    async def enter(self, title: str, text: str) -> None:
        """Type into a field."""
        await wait_until(lambda: self._field(title))
        found = self._field(title)
        assert found is not None
        await self.set(found, "value", text)

    def _field(self, title: str) -> Model | None:
        return self._find(lambda each: each.get("title") == title)

    async def press(self, label: str) -> None:
        """Click a button."""
        await wait_until(lambda: self._find(lambda each: each.get("label") == label))
        await self.send_event("button_click", self._find(lambda each: each.get("label") == label))

    async def wait_for(self, words: str) -> None:
        """Wait until the page says something."""
        await wait_until(lambda: words in self.text)

    async def sign_in(self, password: str, code: str = "") -> None:
        """Give the password of teachers."""
        await self.enter("Password of teachers", password)
        await self.enter("Code of a lesson (none: a new one)", code)
        await self.press("Open the class")

    async def join(self, code: str, nickname: str) -> None:
        """Join a class."""
        if not self._field("Nickname"):
            await self.click("pg-class-opener")
        await self.enter("Code of the class", code)
        await self.enter("Nickname", nickname)
        await self.press("Join")

    @property
    def tiles(self) -> dict[str, Tile]:
        """What the tiles of pupils show, by nickname."""
        return {each["name"]: each for each in self._tiles.values()}

    def _learn(self, content: object) -> None:
        super()._learn(content)
        match content:
            case {"attr": "changes", "new": {"entries": [*entries]}}:
                new = dict(entries)
                told = {id: dict(each["entries"]) for id, each in new["tiles"]["entries"]}
                self._tiles = {
                    id: {**self._tiles.get(id, {}), **told.get(id, {})} for id in new["ids"]
                }


@pytest.fixture(autouse=True)
def class_password(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(server_settings(), "class_password", PASSWORD)
    for limit in (lessons_here._codes, lessons_here._passwords):
        monkeypatch.setattr(limit, "_wrong", {})
    yield
    for lesson in [*lessons._by_code.values()]:
        lessons.end(lesson)


async def code_of(teacher: Visitor) -> str:
    await teacher.wait_for("Nobody is here yet")
    found = re.search(r"<code>([2-9A-Z]{6})</code>", teacher.text)
    assert found is not None
    return found[1]


async def a_lesson(address: str) -> str:
    """Return its code."""
    teacher, teacher_tab = await Visitor.teach(address), new_id()
    await teacher.tell_tab(teacher_tab)
    await teacher.sign_in("wrong")
    await teacher.wait_for("This is not the password")
    assert not len(lessons)
    await teacher.sign_in(PASSWORD)
    code = await code_of(teacher)

    ada, tab = await Visitor.open(address), new_id()
    await ada.tell_tab(tab, parts=2)
    await ada.join("NOCODE", "Ada")
    await ada.wait_for("There is no class with this code")
    await ada.join(code.lower(), "<b>Ada</b>")
    await ada.wait_for("You are in the class as &lt;b&gt;Ada&lt;/b&gt;.")
    await wait_until(lambda: teacher.tiles)
    await wait_until(lambda: teacher.tiles["<b>Ada</b>"].get("picture"))

    # Neither the page of a teacher without the password nor another pupil's page knows of her.
    stranger = await Visitor.teach(address)
    await stranger.tell_tab(tab)
    await stranger.sign_in("wrong", code)
    await stranger.wait_for("This is not the password")
    grace = await Visitor.open(address)
    await grace.tell_tab(new_id(), parts=2)
    await grace.join(code, "<B>ADA</B>")
    await grace.wait_for("Somebody is called")
    await grace.join(code, "Grace")
    await wait_until(lambda: set(teacher.tiles) == {"<b>Ada</b>", "Grace"})
    for other in (stranger, grace):
        assert "<b>Ada</b>" not in str(other.models.values())
        assert not other.tiles

    # A page that is reloaded goes on in the class; the session of before is in it no more.
    await ada.close()
    again = await Visitor.open(address)
    await again.tell_tab(tab, reloaded=True, parts=2)
    await wait_until(lambda: (again.model("pg-class-opener") or {}).get("label") == "Your class")
    (lesson,) = lessons._by_code.values()
    assert len(lesson.pupils) == 2
    reloaded = await Visitor.teach(address)
    await reloaded.tell_tab(teacher_tab, reloaded=True)
    await wait_until(lambda: len(reloaded.tiles) == 2)

    # Her work is kept as anybody's, and nothing of the lesson with it.
    await grace.train()

    # Who has gone is away, and forgotten with the session.
    await again.close()
    await wait_until(lambda: teacher.tiles["<b>Ada</b>"].get("activity") == "away")
    for each in (grace, stranger, teacher, reloaded):
        await each.close()
    await end_sessions()
    assert not lesson.pupils
    assert lesson.seconds_alone > 0
    return code


def test_who_is_in_a_lesson_and_who_sees_it(caplog: pytest.LogCaptureFixture) -> None:
    """And nothing of it is in any file, nor in the log."""
    codes: list[str] = []

    async def main() -> None:
        async with session_server(serve_small) as address:
            codes.append(await a_lesson(address))
            await no_page_is_left()

    with caplog.at_level(logging.DEBUG, "playground"):
        in_new_thread(lambda: asyncio.run(main()))
    files = [each for each in default_folder().rglob("*") if each.is_file()]
    assert any(each.parent.name == "autosaves" for each in files)
    kept = [each.read_bytes().decode("latin-1") for each in files]
    # Panel's own events, which tests see, reach no log of a server.
    kept += [each.getMessage() for each in caplog.records if not each.name.startswith("panel.")]
    for word in (*codes, "Grace", PASSWORD):
        found = [each[max(0, each.index(word) - 80) :][:200] for each in kept if word in each]
        assert not found, word
