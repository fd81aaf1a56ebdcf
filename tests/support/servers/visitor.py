"""A browser's session without a browser, of a person whom the server knows by a cookie."""

from __future__ import annotations

import html
from http.cookies import SimpleCookie
from typing import Self

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from tests.support.servers.socket_client import TOKEN, Model, SocketClient, wait_until


def cookies(jar: SimpleCookie) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{each.key}={each.value}" for each in jar.values())}


class Visitor(SocketClient):
    """A tab of a browser that keeps its cookies in a jar."""

    @classmethod
    async def load_with(cls, address: str, jar: SimpleCookie, query: str = "") -> Self:
        """Load a page with the cookies of the jar, and do not connect as yet."""
        request = HTTPRequest(address + query, headers=cookies(jar), request_timeout=60)
        answer = await AsyncHTTPClient().fetch(request)
        for line in answer.headers.get_list("Set-Cookie"):
            jar.load(line)
        found = TOKEN.search(html.unescape(answer.body.decode()))
        assert found is not None
        client = cls(address, found[1])
        client.headers = cookies(jar)
        return client

    @classmethod
    async def visit(cls, address: str, jar: SimpleCookie, query: str = "") -> Self:
        """Open a page with the cookies of the jar, and connect."""
        client = await cls.load_with(address, jar, query)
        await client.connect()
        return client

    async def wait_for(self, words: str) -> None:
        """Wait until the page says something."""
        await wait_until(lambda: words in self.text)

    async def press(self, label: str) -> None:
        """Click the first button of that label, whether or not it is enabled."""

        def button() -> Model | None:
            return next((each for each in self.models.values() if each.get("label") == label), None)

        await wait_until(button)
        await self.send_event("button_click", button())

    async def list_runs(self, expected: str) -> list[str]:
        """Open the drawer, wait until it says how much is saved, and return the names of runs."""
        await self.click("pg-keep")
        await self.wait_for(expected)
        return [
            dict(row["entries"])["name"] if "entries" in row else row["name"]
            for row in self._run_list.get("rows", [])
        ]

    @property
    def _run_list(self) -> Model:
        component = self.component("RunList")
        assert component is not None
        return self.models[component["data"]["id"]]
