"""The ways in which a browser's session ends, for whatever must not be left of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playground.runs import PAGES
from playground.runs.ids import new_id
from tests.support.servers.socket_client import SocketClient, wait_until

Leave = Callable[[SocketClient], Awaitable[None]]


async def close_at_once(client: SocketClient) -> None:
    """Close the tab while its page is being built."""
    await client.close()


async def close(client: SocketClient) -> None:
    """Train and close the tab."""
    await client.train()
    await client.close()


async def vanish(client: SocketClient) -> None:
    """Train and lose the connection."""
    await client.train()
    await client.vanish()


async def pause_and_close(client: SocketClient) -> None:
    """Train, pause and close the tab."""
    await client.train()
    await client.click("pg-play")
    await client.close()


async def open_drawer(client: SocketClient) -> None:
    """Open the drawer, and have the work save itself."""
    await client.say_tab(new_id())
    await client.click("pg-keep")


async def open_drawer_and_close(client: SocketClient) -> None:
    """Train with the drawer open and work that saves itself, and close the tab."""
    await open_drawer(client)
    await client.train()
    await client.close()


async def come_back_and_close(client: SocketClient) -> None:
    """Lose the connection while training, come back, and close the tab."""
    await client.train()
    await client.vanish()
    await client.connect()
    await client.close()


async def change_page(client: SocketClient) -> None:
    """Train, and open another page."""
    await client.train()
    nav = client.model("pg-nav")
    assert nav is not None
    await client.set(nav, "active", PAGES.index("Gates"))
    await wait_until(
        lambda: any("Gates.noise" in each.get("tags", ()) for each in client.models.values())
    )


async def change_page_and_close(client: SocketClient) -> None:
    """Train, open another page, and close the tab."""
    await change_page(client)
    await client.close()


ALL: tuple[Leave, ...] = (
    close_at_once,
    close,
    vanish,
    pause_and_close,
    open_drawer_and_close,
    come_back_and_close,
    change_page_and_close,
)
