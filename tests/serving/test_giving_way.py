"""Long work on the event loop: others go on whenever it gives way, and nothing is left of it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from weakref import ref

import pytest
from bokeh.document import Document
from bokeh.document.callbacks import invoke_with_curdoc
from bokeh.io import curdoc

from playground.serving import giving_way
from playground.serving.giving_way import give_way, run_giving_way


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_way, "MAX_STEP_SECONDS", 0.0)


def test_others_go_on_whenever_long_work_gives_way() -> None:
    order: list[str] = []
    documents = {"first": Document(), "second": Document()}

    def work(name: str) -> None:
        for number in range(3):
            assert curdoc() is documents[name]
            order.append(f"{name} {number}")
            give_way()

    async def run_both() -> None:
        calls = (partial_in_document(document, name) for name, document in documents.items())
        await asyncio.gather(*map(run_giving_way, calls))

    def partial_in_document(document: Document, name: str) -> Callable[[], None]:
        return lambda: invoke_with_curdoc(document, lambda: work(name))

    outside = curdoc()
    asyncio.run(run_both())
    assert order == [f"{name} {number}" for number in range(3) for name in documents]
    assert curdoc() is outside
    documents["here"] = outside
    work("here")
    assert order[-1] == "here 2", "outside of such work nothing gives way"


def test_long_work_returns_and_fails_as_what_it_calls() -> None:
    def divide() -> float:
        give_way()
        return 1 / 0

    async def run_both() -> None:
        assert await run_giving_way(lambda: give_way() or "done") == "done"
        with pytest.raises(ZeroDivisionError):
            await run_giving_way(divide)

    asyncio.run(run_both())


def test_work_that_is_cancelled_ends_and_leaves_nothing() -> None:
    class Part:
        pass

    ended, parts = [], []

    def work() -> None:
        part = Part()
        parts.append(ref(part))
        try:
            while True:
                give_way()
        except Exception:  # as wherever a failure is shown to a person
            ended.append("caught")
        finally:
            give_way()
            ended.append("left")

    async def cancel() -> None:
        task = asyncio.create_task(run_giving_way(work))
        while not parts:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    gc.collect()
    assert ended == ["left"]
    assert [part() for part in parts] == [None]
