"""What a server refuses, tried from outside: requests, tokens, messages."""

from __future__ import annotations

import asyncio
import base64
import gzip
import http.client
import json
import os
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from socket import create_connection
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from bokeh.util.token import generate_jwt_token, generate_session_id
from tornado.httpclient import HTTPClientError

from playground.serving import page_queue
from playground.serving.protection import messages
from tests.support.servers.forked_program import ForkedProgram
from tests.support.servers.raw_socket import SECONDS, RawSocket, model_with, page_token
from tests.support.servers.server import ERROR_LINE, ROOT, PanelServer

APP = ROOT / "tests" / "support" / "servers" / "protected_app.py"
MB = 2**20


class Served(NamedTuple):
    """A server of a small app, where no script has run before the first visitor.

    Attributes
    ----------
    server : PanelServer
    url : str
    first_visit : int
        Status of the answer to the very first request, which would be refused later.
    """

    server: PanelServer
    url: str
    first_visit: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = PanelServer(APP, log=tmp_path_factory.mktemp("server") / "log.txt")
    url = server.url()
    yield Served(server, url, ask(f"{url}/protected_app", "?bokeh-session-id=X")[0])
    server.stop()
    # Bokeh's own line for a header that is not one.
    log = re.sub(
        "^.* ERROR Bad header with no msgtype was: .{2} .*$", "", server.log.read(), flags=re.M
    )
    assert not ERROR_LINE.search(log), log


@pytest.fixture
def address(served: Served) -> str:
    return f"{served.url}/protected_app"


def ask(
    address: str, path: str = "", method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Return status, headers and text of an answer to a request."""
    parts = urlsplit(address)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(parts.netloc, timeout=SECONDS)) as connection:
        connection.request(method, parts.path + path, body, named)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


# Requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "headers", "status", "said"),
    [
        ("?bokeh-session-id=X", {}, 403, "can't name a session"),
        ("?a=1&bokeh-session-id=", {}, 403, "can't name a session"),
        ("?bokeh-token=X", {}, 403, "can't name a session"),
        ("", {"Bokeh_Session_Id": "X"}, 403, "can't name a session"),
        ("", {"Host": "evil.example"}, 421, "allow-origin"),
        ("", {"Host": "evil.example:5006"}, 421, "allow-origin"),
        ("", {"Host": "[::1"}, 421, "allow-origin"),
        ("/static/js/bokeh.min.js", {"Host": "evil.example"}, 421, "allow-origin"),
        ("/autoload.js?bokeh-autoload-element=x", {"Origin": "http://evil.example"}, 403, "site"),
        ("/autoload.js?bokeh-autoload-element=x", {"Sec_Fetch_Site": "cross-site"}, 403, "site"),
        ("/autoload.js?bokeh-autoload-element=%22);alert(1)//", {}, 400, "embeds"),
        (
            "/autoload.js?bokeh-autoload-element=x&bokeh-absolute-url=http://evil.example/a",
            *({}, 400, "embeds"),
        ),
        ("/static/js/bokeh.min.js%00.html", {}, 400, "not seen"),
        ("", {"Origin": "null"}, 403, "site"),
        ("", {"Cookie": "; ".join(f"c{number}=x" for number in range(300))}, 431, "200 cookies"),
        ("", {f"X_{number}": "x" for number in range(300)}, 431, "200 headers"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_request_is_refused(
    address: str, path: str, headers: dict[str, str], status: int, said: str
) -> None:
    answer = ask(address, path, **headers)
    assert answer[0] == status
    assert said in answer[2]
    assert "token" not in answer[2]


def test_a_request_with_all_the_cookies_of_a_browser_is_answered(address: str) -> None:
    assert ask(address, Cookie="; ".join(f"c{number}=x" for number in range(150)))[0] == 200


def test_a_page_of_this_server_may_load_a_script_of_it(address: str) -> None:
    headers = {"Sec_Fetch_Site": "cross-site", "Referer": address}
    named = f"bokeh-autoload-element=x-1&bokeh-app-path=/&bokeh-absolute-url={address}"
    assert ask(address, f"/autoload.js?{named}", **headers)[0] == 200


def test_a_session_cannot_be_shared_by_a_link(served: Served) -> None:
    address = f"{served.url}/protected_app"
    token = page_token(address)
    session_id = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["session_id"]
    assert "." in session_id, "session ids are signed"
    assert ask(address, f"?bokeh-session-id={session_id}")[0] == 403
    assert ask(address, f"?bokeh-token={token}")[0] == 403
    assert page_token(address) != token
    assert "reason=session status=403 path=/protected_app" in served.server.log.read()


def test_modules_are_not_imported_for_a_request(served: Served) -> None:
    assert ask(served.url, "/components/antigravity/x/y/z")[0] == 404
    loaded = "panel.widgets.input/FileDropper/_stylesheets"
    assert ask(served.url, f"/components/{loaded}/none.css")[0] == 403


def test_a_body_is_not_read_beyond_what_forms_need(address: str) -> None:
    assert ask(address, method="POST", body=b"", Content_Length=str(2 * MB))[0] == 400


def test_every_answer_has_the_headers(served: Served) -> None:
    for path in ("/protected_app", "/static/js/bokeh.min.js", "/none", "/liveness"):
        _, headers, _ = ask(served.url, path, Host="localhost:5006")
        policy = headers["content-security-policy"]
        assert "connect-src 'self' ws://localhost:5006" in policy
        assert "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "server" not in headers


# Websockets -----------------------------------------------------------------------------------


def run_client(
    address: str, act: Callable[[RawSocket], Coroutine[Any, Any, None]], **options: Any
) -> None:
    async def run() -> None:
        socket = await RawSocket.open(address, **options)
        try:
            await act(socket)
        finally:
            await socket.close()

    asyncio.run(run())


async def nothing(_socket: RawSocket) -> None:
    pass


FORGED_ID = generate_session_id(b"guessed", True)


def unsigned(text: str) -> str:
    """Return a token that says something, which nobody has signed."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") + ".x"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "e30",
        "%%%.x",
        unsigned("7"),
        unsigned('{"session_id": {}}'),
        unsigned("[" * 9_000),
        generate_jwt_token(generate_session_id(None, False), None, False),
        generate_jwt_token(FORGED_ID, b"guessed", True, expiration=300),
    ],
)
def test_a_token_that_the_server_has_not_made_is_refused(address: str, token: str) -> None:
    with pytest.raises(HTTPClientError, match="403"):
        run_client(address, nothing, token=token)


def test_a_changed_token_and_a_foreign_origin_are_refused(address: str) -> None:
    token = page_token(address)
    with pytest.raises(HTTPClientError, match="403"):
        run_client(address, nothing, token=token[:-2] + ("aa" if token[-2:] != "aa" else "bb"))
    for origin in ("http://evil.example", "null", "file://"):
        with pytest.raises(HTTPClientError, match="403"):
            run_client(address, nothing, token=token, headers={"Origin": origin})
    run_client(address, nothing, token=token, headers={"Origin": address.rsplit("/", 1)[0]})


# Messages -------------------------------------------------------------------------------------


def pack_bytes(data: bytes) -> dict[str, str]:
    return {"type": "bytes", "data": base64.b64encode(gzip.compress(data)).decode()}


def array(dtype: str, *values: object) -> dict[str, Any]:
    content = {"type": "ndarray", "array": values, "shape": [len(values)], "order": "little"}
    return {**content, "dtype": dtype}


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


def peak_mb(server: PanelServer) -> float:
    """Return the most memory that a server has used, where the system says it."""
    status = Path(f"/proc/{server.process_id}/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


VALUES_OF_NO_USE: tuple[tuple[object, dict[str, bytes]], ...] = (
    (pack_bytes(bytes(2 * MB)), {}),
    (pack_bytes(bytes(64 * MB)), {}),
    ([pack_bytes(bytes(3 * MB)), pack_bytes(bytes(3 * MB))], {}),
    ({"type": "bytes", "data": "H4sI"}, {}),
    ({"type": "bytes", "data": "%"}, {}),
    ({"type": "bytes", "data": {"id": "b"}}, {"b": bytes(2 * MB)}),
    ({"type": "bytes", "data": {"id": "none"}}, {}),
    ({"type": "bytes", "data": 7}, {}),
    (array("U10000000", *["x"] * 1000), {}),
    (array("float64", "x"), {}),
    (["x" * 1000] * 1000, {}),
    (deep(900), {}),
    ({"type": "object", "name": "Figure", "id": "f", "attributes": {"x_range": 7}}, {}),
    ({"id": "p9999"}, {}),
)


def test_a_value_of_no_use_is_refused_in_one_short_line(served: Served, address: str) -> None:
    """And the session that it was sent to goes on."""
    server = served.server

    async def refuse(
        socket: RawSocket, field: Any, value: object, buffers: dict[str, bytes]
    ) -> None:
        event = {
            "kind": "ModelChanged",
            "model": {"id": field["id"]},
            "attr": "value",
            "new": value,
        }
        length, before = len(server.log.read()), peak_mb(server)
        answer = await socket.patch(event, **buffers)
        case = str(value)[:100]
        assert answer.msgtype == "ERROR", case
        assert answer.content == {
            "text": "The server could not take this message.",
            "traceback": None,
        }, case
        logged = server.log.read()[length:]
        assert "message refused" in logged, case
        assert "session=" in logged, case
        assert len(logged) < 3000, case
        assert peak_mb(server) - before < 60, case
        after = await socket.patch({**event, "new": f"still here after {case}"})
        assert after.msgtype == "OK", case

    async def act(socket: RawSocket) -> None:
        field = model_with(await socket.document(), "field")
        for value, buffers in VALUES_OF_NO_USE:
            await refuse(socket, field, value, buffers)

    run_client(address, act)


CHANGES_OF_NO_BROWSER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("value that no browser sets", {"attr": "tags", "new": [pack_bytes(bytes(3_900_000))]}),
    ("value that no browser sets", {"attr": "tags", "new": [array("uint8", 1)]}),
    (
        "value that no browser sets",
        {"attr": "tags", "new": [{"type": "object", "name": "Div", "id": "d"}]},
    ),
    ("1,004 characters, and 200", {"attr": "tags", "new": ["x" * 1000]}),
    ("100,003 characters, and 100,000", {"attr": "value", "new": "x" * 100_001}),
    ("more than 20,000 parts", {"attr": "value", "new": [[]] * 20_001}),
    ("more than 20,000 parts", {"kind": "MessageSent", "msg_data": {"values": [1] * 20_001}}),
    ("that no browser makes", {"kind": "RootAdded", "model": {"type": "object", "name": "Div"}}),
    ("that no browser makes", {"kind": "TitleChanged", "title": "x" * 1000}),
    ("that no browser makes", {"kind": "ColumnsStreamed", "attr": "data", "data": {}}),
)


def test_changes_that_no_browser_makes_are_refused(served: Served, address: str) -> None:
    """What they would keep in memory is a thousand times what is sent."""
    log = served.server.log

    async def act(socket: RawSocket) -> None:
        field = model_with(await socket.document(), "field")
        change = {"kind": "ModelChanged", "model": {"id": field["id"]}}
        for reason, changed in CHANGES_OF_NO_BROWSER:
            length = len(log.read())
            assert (await socket.patch({**change, **changed})).msgtype == "ERROR", changed
            assert reason in log.read()[length:], changed
        for count, answer in ((101, "ERROR"), (100, "OK")):
            many = [{**change, "attr": "tags", "new": [number]} for number in range(count)]
            assert (await socket.patch(*many)).msgtype == answer, count
        typed = {**change, "attr": "value", "new": "x" * 90_000}
        assert (await socket.patch(typed)).msgtype == "OK"
        attributes = model_with(await socket.document(), "field")["attributes"]
        assert attributes["value"] == "x" * 90_000
        assert attributes["tags"] == [99]

    run_client(address, act)


def test_who_asks_for_the_whole_page_again_and_again_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_queue, "MAX_PAUSE", 0)  # no other reason to wait
    handled: list[tuple[float, object]] = []

    async def slowly(_message: object, connection: Any) -> str:
        await asyncio.sleep(0.02)
        handled.append((time.monotonic(), connection.session))
        return "page"

    handler: Any = SimpleNamespace(_handlers={messages.WHOLE_DOCUMENT: slowly})
    asked: Any = SimpleNamespace(msgtype=messages.WHOLE_DOCUMENT)

    class Session:
        pass

    async def ask(session: Session) -> None:
        sender: Any = SimpleNamespace(session=session)  # each by a connection of its own
        assert await messages.handle_message(handler, asked, sender) == "page"

    one, other = Session(), Session()

    async def ask_twice() -> None:
        await asyncio.gather(ask(one), ask(one), ask(other))

    asyncio.run(ask_twice())
    (first, _), _by_other, (again, _) = handled
    assert [session for _, session in handled] == [one, other, one]
    assert again - first >= messages.PAUSE_FACTOR * 0.02


def test_what_holds_up_everybody_is_done_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_queue, "MAX_SECONDS", 0.05)
    order, rounds = [], [0]

    async def serve_others() -> None:
        while True:
            rounds[-1] += 1
            await asyncio.sleep(0)

    async def hold(name: str, until: asyncio.Event) -> None:
        async with page_queue.page_turn():
            order.append(name)
            rounds.append(0)
            await until.wait()
        order.append(f"{name} ends")

    async def hold_three_times() -> None:
        at_once, next_ended = asyncio.Event(), asyncio.Event()
        at_once.set()

        async def hold_next() -> None:
            await hold("next", at_once)
            next_ended.set()

        others = asyncio.create_task(serve_others())
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(hold("one", at_once), hold("waiting", next_ended), hold_next())
        others.cancel()

    asyncio.run(hold_three_times())
    assert order == ["one", "one ends", "waiting", "next", "next ends", "waiting ends"]
    assert min(rounds[1:3]) >= page_queue.PAUSE_ROUNDS, "others are served between two turns"


def header(kind: str = "PATCH-DOC", **more: object) -> str:
    return json.dumps({"msgid": "1", "msgtype": kind, **more})


async def send_and_listen(socket: RawSocket, *fragments: str | bytes) -> None:
    await socket.send(*fragments)
    while True:
        await socket.message()


NO_MESSAGES: tuple[tuple[str | bytes, ...], ...] = (
    (b"bytes",),
    ("{", "{}", "{}"),
    ("[]", "{}", "{}"),
    ("{}", "{}", "{}"),
    (header(), "{}", "[" * 100_000),
    (header(num_buffers="x"), "{}", "{}", '{"id": "b"}', b"x"),
    (header(num_buffers=10**9), "{}", "{}", *['{"id": "b"}', bytes(MB)] * 5),
    (header(num_buffers=1), "{}", "{}", '{"id": "b", "more": 1}'),
    (header(num_buffers=1), "{}", "{}", "[]"),
    (header("NO-SUCH"), "{}", "{}"),
    (header(), "{}", '"' + "x" * MB + '"'),
)


def test_what_is_no_message_closes_the_socket(served: Served, address: str) -> None:
    """One that came later to the same session is heard."""
    server = served.server
    token = page_token(address)
    for fragments in NO_MESSAGES:
        length = len(server.log.read())

        async def act(socket: RawSocket, fragments: tuple[str | bytes, ...] = fragments) -> None:
            with pytest.raises(ConnectionError):
                await send_and_listen(socket, *fragments)

        run_client(address, act, token=token)
        logged = server.log.read()[length:]
        assert "Traceback" not in logged, fragments[0]
        assert len(logged) < 3000, fragments[0]


def test_who_speaks_before_the_server_has_answered_is_not_heard(
    served: Served, address: str
) -> None:
    """And leaves one line in the log; a page waits for the acknowledgement."""
    host = urlsplit(address).netloc
    request = (
        f"GET /protected_app/ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n"
        f"Sec-WebSocket-Protocol: bokeh, {page_token(address)}\r\n\r\n"
    )
    length = len(served.server.log.read())
    with create_connection(host.split(":"), SECONDS) as connection:  # type: ignore[arg-type]
        connection.sendall(request.encode() + bytes([0x81, 2]) + b"{}")
        answer = b""
        while b"a message came before" not in answer and (part := connection.recv(4096)):
            answer += part
    assert answer.startswith(b"HTTP/1.1 101")
    assert b"a message came before" in answer
    logged = served.server.log.read()[length:]
    assert "a message came before the connection was made" in logged
    assert "Traceback" not in logged


def test_a_browser_cannot_replace_the_document(address: str) -> None:
    async def act(socket: RawSocket) -> None:
        before = await socket.document()
        empty = {"doc": {"title": "gone", "version": "3.9.2", "roots": [], "defs": []}}
        assert (await socket.ask("PUSH-DOC", empty)).msgtype == "ERROR"
        assert len((await socket.document())["roots"]) == len(before["roots"])

    run_client(address, act)


# Uploads --------------------------------------------------------------------------------------


def chunk(number: int, total: int, size: int = MB, name: str = "a.csv") -> dict[str, Any]:
    content = {"type": "bytes", "data": {"id": "b"}}
    values = {"chunk": number, "total_chunks": total, "name": name, "type": "", "data": content}
    return {"type": "map", "entries": list(values.items())}


UPLOADS = (
    ([(1, 2, 1_000_000), (2, 2, 5)], "a.csv: 1000005"),
    ([(1, 3, 1_000_000), (2, 3, 1_000_000), (3, 3, 1)], "larger than 2 MB"),
    ([(1, 2, 10), (2, 2, 10)], "a.csv: 20"),
    ([(1, 9, 10)], "larger than 2 MB"),
    ([(2, 2, 10)], "piece of the file is missing"),
)


def test_an_upload_is_limited_by_the_server(address: str) -> None:
    async def said_text(socket: RawSocket) -> str:
        pane = model_with(await socket.document(), "said")
        return str(pane["attributes"].get("text", ""))

    async def act(socket: RawSocket) -> None:
        files = model_with(await socket.document(), "files")
        for chunks, expected in UPLOADS:
            assert expected not in await said_text(socket)
            for number, total, size in chunks:
                values = {"model": {"id": files["id"]}, "data": chunk(number, total)}
                event = {"type": "event", "name": "upload_event", "values": values}
                message = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
                await socket.patch(message, b=bytes(size))
            for _ in range(100):
                if expected in await said_text(socket):
                    break
                await asyncio.sleep(0.02)
            else:
                raise AssertionError(f"{chunks}: {await said_text(socket)!r}")

    run_client(address, act)


# Starting -------------------------------------------------------------------------------------


def test_a_single_app_is_protected_from_its_first_visitor_on(served: Served) -> None:
    """Who has named a session before can't join it; the requests above are all later ones."""
    assert served.first_visit == 200, "no script has run before it"
    address = f"{served.url}/protected_app"
    joined = generate_jwt_token("X", None, False, expiration=300)
    with pytest.raises(HTTPClientError, match="403"):
        run_client(address, nothing, token=joined)
    assert ask(address, "?bokeh-session-id=X")[0] == 403
    run_client(address, nothing)


def test_several_processes_are_refused(tmp_path: Path) -> None:
    """By the hooks of the folder with all pages, which protect before there is a server."""
    output = tmp_path / "log.txt"
    arguments = ["serve", "apps", "--num-procs", "2", "--port", "0"]
    assert ForkedProgram("panel", arguments, os.environ, ROOT, output).wait(60) not in (0, None)
    said = output.read_text()
    assert "docs/deploy" in said
    assert "Traceback" not in said
