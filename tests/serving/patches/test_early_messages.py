"""Messages that come before their comm is open: none is lost, none is handled twice or early."""

from __future__ import annotations

import asyncio
from threading import Thread
from types import SimpleNamespace
from typing import Any

from playground.serving.patches.early_messages import MAX_KEPT, EarlyMessages


def message(comm_id: str, number: int = 0) -> dict[str, Any]:
    return {"content": {"comm_id": comm_id, "data": number}}


class FakeKernel:
    """An ipykernel's comms, and its handler of their messages."""

    def __init__(self) -> None:
        self.handled: list[int] = []
        self.comm_manager = SimpleNamespace(comms={})
        self.shell_handlers = {"comm_msg": self._handle}

    def open(self, comm_id: str, *, listens: bool = True) -> None:
        callback = self.take if listens else None
        self.comm_manager.comms[comm_id] = SimpleNamespace(
            _msg_callback=callback, handle_msg=self.take
        )

    def take(self, message: dict[str, Any]) -> None:
        self.handled.append(message["content"]["data"])

    def send(self, *messages: dict[str, Any]) -> None:
        """Have messages come in the thread of a subshell."""
        handle = self.shell_handlers["comm_msg"]
        subshell = Thread(target=lambda: [handle(None, None, each) for each in messages])
        subshell.start()
        subshell.join()

    def _handle(self, _stream: object, _ident: object, message: dict[str, Any]) -> None:
        self.comm_manager.comms[message["content"]["comm_id"]].handle_msg(message)


def test_early_messages_are_handled_in_order_when_their_comm_opens() -> None:
    async def run() -> list[int]:
        kernel = FakeKernel()
        early = EarlyMessages(kernel)
        kernel.send(message("a", 1), message("b", 2), message("a", 3))
        await asyncio.sleep(0)
        assert kernel.handled == []
        kernel.open("a")
        early.release("a", kernel.take)
        early.release("a", kernel.take)
        kernel.send(message("a", 4))
        return kernel.handled

    assert asyncio.run(run()) == [1, 3, 4]


def test_a_message_that_comes_while_its_comm_is_opened_is_handled() -> None:
    async def run() -> list[int]:
        kernel = FakeKernel()
        early = EarlyMessages(kernel)
        kernel.send(message("a", 1))
        kernel.open("a", listens=False)
        kernel.send(message("a", 2))
        early.release("a", kernel.take)
        await asyncio.sleep(0)
        return kernel.handled

    assert asyncio.run(run()) == [1, 2]


def test_messages_of_comms_that_never_open_do_not_pile_up() -> None:
    async def run() -> list[int]:
        kernel = FakeKernel()
        early = EarlyMessages(kernel)
        kernel.send(*(message("a", number) for number in range(MAX_KEPT + 5)))
        await asyncio.sleep(0)
        early.release("a", kernel.take)
        return kernel.handled

    assert asyncio.run(run()) == list(range(5, MAX_KEPT + 5))
