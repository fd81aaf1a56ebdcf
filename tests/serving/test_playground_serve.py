"""`playground serve` as an operator runs it: people sign in, and what happens is logged."""

from __future__ import annotations

import asyncio
import gc
import http.client
import json
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner, Result

from playground.cli.commands import app
from playground.pages import routes
from playground.serving.settings import server_settings
from tests.support.servers.forked_program import ForkedProgram
from tests.support.servers.server import ROOT, START_SECONDS

STARTED = re.compile(r"Launching server at http://([\d.:]+)")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Served:
    """A running server: where it listens, and what it printed."""

    authority: str
    output: Path
    users: Path

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            named["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form)
        with closing(http.client.HTTPConnection(self.authority, timeout=60)) as connection:
            connection.request("GET" if form is None else "POST", path, body, named)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        fields: dict[str, str] = {}
        for name, value in answer.getheaders():
            fields[name.lower()] = f"{fields.get(name.lower(), '')}{value}; "
        return Answer(answer.status, fields, text)

    def log(self) -> list[dict[str, object]]:
        """Return the lines of the log that are whole, each of which must be a JSON object."""
        lines = self.output.read_text().rpartition("\n")[0].splitlines()
        return [json.loads(line) for line in lines if not STARTED.search(line)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("operator")
    users, output = folder / "users.json", folder / "log.txt"
    users.write_text(json.dumps({"ada": "lovelace", "grace": "hopper"}))
    options = ["--port", "0", "--no-show", "--authentication", "basic", "--log-format", "json"]
    options += ["--users-file", str(users), "--frame-ancestors", "https://moodle.example.org"]
    program = ForkedProgram("playground", ["serve", *options], os.environ, ROOT, output)
    deadline = time.monotonic() + START_SECONDS
    while not (found := STARTED.search(output.read_text())):
        assert program.status is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.05)
    yield Served(found[1], output, users)
    assert program.terminate(20)


def cookies(answer: Answer) -> str:
    return "; ".join(re.findall(r"(\w+=\"?[^;\"]+\"?)", answer.headers.get("set-cookie", "")))


def test_people_sign_in(served: Served) -> None:
    assert served.authority.startswith("127.0.0.1:")
    unknown = served.ask("/")
    assert unknown.status == 302
    assert "login" in unknown.headers["location"]
    page = served.ask("/login")
    assert page.status == 200
    assert not re.findall(r'(?:src|href)="https?://', page.text)
    wrong = served.ask("/login", {"username": "ada", "password": "byron"})
    assert "error" in wrong.headers["location"]
    right = served.ask("/login", {"username": "ada", "password": "lovelace"})
    assert "HttpOnly" in right.headers["set-cookie"]
    assert served.ask("/", Cookie=cookies(right)).status == 200
    assert served.ask("/", Cookie=cookies(right).replace("user=", "user=x")).status == 302


def test_who_guesses_passwords_waits(served: Served) -> None:
    """For one name; others at the same address, as in a school, are let in."""
    guess = {"username": "grace", "password": "guess"}
    statuses = [served.ask("/login", guess).status for _ in range(11)]
    assert statuses == [302] * 10 + [429]
    right = served.ask("/login", {**guess, "password": "hopper"})
    assert right.status == 429
    assert "too many wrong passwords from here: try again in" in right.text
    assert "set-cookie" not in right.headers
    ada = {"username": "ada", "password": "lovelace"}
    assert served.ask("/login", ada).headers["location"] == "/; "


def test_a_link_to_sign_in_says_and_leads_to_nothing_else(served: Served) -> None:
    said = served.ask("/login?error=Call%20555-0100").text
    assert "555" not in said
    assert "The name or the password is wrong." in said
    for address in ("///evil.example", "//evil.example", "/x%0d%0aSet-Cookie:a=b"):
        assert served.ask(f"/login?next={address}").status == 400
        form = {"username": "ada", "password": "lovelace"}
        found = served.ask("/login", form, Cookie=f'next_url="{address}"')
        assert "evil" not in found.headers.get("location", "")


def test_a_list_of_users_that_has_gone_lets_nobody_in(served: Served) -> None:
    """Panel would take its path for the password of all."""
    users = served.users
    content = users.read_text()
    form = {"username": "boss", "password": str(users)}
    users.unlink()
    for text in (None, "{", "[]"):
        if text is not None:
            users.write_text(text)
        answer = served.ask("/login", form)
        assert answer.status == 503
        assert "list of users can&#39;t be read" in answer.text
    users.write_text(content)
    assert "error" in served.ask("/login", form).headers["location"]
    assert sum("users can't be read" in str(each["event"]) for each in served.log()) == 3


def test_a_form_of_another_site_signs_nobody_in(served: Served) -> None:
    form = {"username": "ada", "password": "lovelace"}
    assert served.ask("/login", form, Origin="https://evil.example").status == 403
    assert served.ask("/login", form, Origin=f"http://{served.authority}").status == 302


def test_the_operator_asks_without_signing_in(served: Served) -> None:
    assert json.loads(served.ask("/liveness").text) == {"alive": True}
    ready = served.ask("/readiness")
    assert (ready.status, json.loads(ready.text)) == (200, {"ready": True, "problems": {}})
    served.ask("/", Host="evil.example")
    text = served.ask("/metrics").text
    for name in ("sessions", "training_sessions", "frames_total", "slices_total"):
        assert re.search(rf"^playground_{name} \d", text, re.MULTILINE)
    assert re.search(r'^playground_refusals_total\{kind="host"\} [1-9]', text, re.MULTILINE)
    assert re.search(r'^playground_work\{pool="slice"\} \d', text, re.MULTILINE)
    assert served.ask("/class").status == 404  # there is no class_password
    # Through a proxy, anybody's request comes from this machine.
    for path in ("/metrics", "/readiness"):
        assert served.ask(path, X_Forwarded_For="203.0.113.9").status == 404


def test_who_may_show_the_pages_is_a_header(served: Served) -> None:
    policy = served.ask("/liveness").headers["content-security-policy"]
    assert policy.endswith(
        "frame-ancestors 'self' http://localhost:* http://127.0.0.1:* file: "
        "https://moodle.example.org; "
    )


def test_the_log_is_json(served: Served) -> None:
    served.ask("/", Host="evil.example")
    served.ask("/?x=" + "y" * 50_000, Host="other.example")
    found = [each for each in served.log() if each["event"] == "request refused"]
    assert found[-1]["reason"] == "host"
    assert all({"time", "level", "logger", "event"} <= set(each) for each in served.log())
    expected = re.compile("The users can't be read|503 POST /login")
    errors = [str(each["event"]) for each in served.log() if each["level"] == "ERROR"]
    assert [each for each in errors if not expected.match(each)] == []
    assert max(map(len, served.output.read_text().splitlines())) < 6000


async def invoke(*arguments: str) -> Result:
    """Run a command in an event loop that is closed afterwards, for Tornado makes one otherwise."""
    return CliRunner().invoke(app, arguments)


# Tornado leaves the socket open that can't be bound.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_what_keeps_a_server_from_starting_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for arguments, said in (
            (["--no-show", "--port", str(port)], f"Port {port} of"),
            (["--authentication", "basic"], "users_file is '', which is no file"),
        ):
            monkeypatch.setattr(server_settings, "_in_force", [*server_settings._in_force])
            result = asyncio.run(invoke("serve", *arguments))
            assert isinstance(result.exception, SystemExit), result.exception
            assert result.exit_code != 0
            assert said in result.stderr
        del result
        gc.collect()


def test_a_variable_that_keeps_panel_serve_from_starting_is_named(tmp_path: Path) -> None:
    output = tmp_path / "log.txt"
    variables = {**os.environ, "PLAYGROUND_MAX_SESSIONS": "-1"}
    program = ForkedProgram("panel", ["serve", "apps"], variables, ROOT, output)
    assert program.wait(60) not in (0, None)
    said = output.read_text()
    assert "MAX_SESSIONS='-1'" in said
    assert "Traceback" not in said


def test_what_speaks_against_more_visitors_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not routes.problems(tmp_path / "not" / "yet", 0)
    assert "200 is the most" in routes.problems(tmp_path, 200)["sessions"]
    monkeypatch.setattr(routes, "MIN_FREE_MB", 10**12)
    assert "MB left" in routes.problems(tmp_path, 0)["disk"]
    monkeypatch.setattr(routes.os, "access", lambda *_: False)
    assert "can't be written" in routes.problems(tmp_path, 0)["runs"]
