"""What docs/deploy names exists: settings, options, addresses, events, files."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from panel.command.serve import Serve

from playground.cli.serve import option_of
from playground.pages.routes import ROUTES
from playground.serving.settings.operator_warnings import operator_warnings
from playground.serving.settings.server_settings import (
    OTHER_VARIABLES,
    ServerSettings,
    settings_from_environment,
    variable_of,
)
from tests.support.servers.server import ROOT

FOLDER = ROOT / "docs" / "deploy"
FILES = sorted(FOLDER.iterdir())
GUIDE = (FOLDER / "README.md").read_text()
SETTINGS = ServerSettings().names
CONTINUED = re.compile(r"\\\n\s*")


def commands(program: str) -> Iterator[tuple[str, str]]:
    """Yield each command line of a program in all files, with the file's name."""
    for path in [*FILES, ROOT / "SECURITY.md", ROOT / "Makefile"]:
        text = CONTINUED.sub("", path.read_text())
        for found in re.finditer(rf"{program} serve([^`#\n]*)", text):
            yield path.name, found[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_variables_exist(path: Path) -> None:
    named = set(re.findall(r"PLAYGROUND_[A-Z_]+", path.read_text()))
    assert named <= {variable_of(name) for name in SETTINGS} | OTHER_VARIABLES


def test_options_of_playground_serve_exist() -> None:
    known = {option_of(name) for name in SETTINGS} | {"--help", "--check", "--show", "--no-show"}
    found = [(name, each) for name, line in commands("playground") for each in line.split()]
    options = {(name, each) for name, each in found if each.startswith("--")}
    assert {"playground.service", "README.md"} <= {name for name, _ in options}
    assert not {(name, each) for name, each in options if each not in known}


def test_options_of_panel_serve_exist() -> None:
    known = {
        name for names, _ in Serve.args for name in ([names] if isinstance(names, str) else names)
    }
    lines = [line for _, line in commands("panel")]
    assert any("--plugins" in line for line in lines)
    for line in lines:
        assert set(re.findall(r"--[a-z-]+", line)) <= known
    table = GUIDE[GUIDE.index("are Panel's own options") :].split("\n\n")[0]
    assert set(re.findall(r"--[a-z-]+", table)) <= known


def test_settings_in_the_guide_exist() -> None:
    table = [line for line in GUIDE.splitlines() if line.startswith("| ")]
    first = GUIDE[: GUIDE.index("The passwords of")]
    named = {each for line in table if line in first for each in re.findall(r"`([a-z_]+)`", line)}
    assert named - {"localhost", "basic", "oauth", "yes"} <= set(SETTINGS)
    assert "allow_origin" in named


def test_addresses_exist() -> None:
    served = {pattern for pattern, _ in ROUTES} | {"/", "/login"}
    nginx = (FOLDER / "nginx.conf").read_text()
    assert set(re.findall(r"location (?:= )?(/\w*)", nginx)) <= served
    table = GUIDE[GUIDE.index("| address |") :].split("\n\n")[0]
    assert set(re.findall(r"^\| `(/\w+)`", table, re.MULTILINE)) == {each for each, _ in ROUTES}
    for module in re.findall(r"--plugins (\S+?)[`\s]", GUIDE + (ROOT / "Makefile").read_text()):
        assert importlib.import_module(module).ROUTES


def test_events_of_the_log_exist() -> None:
    source = "".join(path.read_text() for path in (ROOT / "playground").rglob("*.py"))
    table = GUIDE[GUIDE.index("| event |") :].split("\n\n")[0]
    events = [
        each
        for row in table.splitlines()[2:]
        for each in re.findall(r"`([^`]+)`", row.split("|")[1])
    ]
    assert len(events) > 8
    for event in events:
        for part in filter(None, event.strip("… ").split("…")):
            assert part.strip() in source, event


def test_metrics_in_the_guide_exist() -> None:
    source = (ROOT / "playground" / "serving" / "process" / "server_metrics.py").read_text()
    for name in re.findall(r"`(playground_\w+)`", GUIDE):
        assert f'"{name.removesuffix("_total")}"' in source


def test_the_settings_of_the_service_are_valid() -> None:
    lines = (FOLDER / "playground.env").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    variables["PLAYGROUND_SECRET_KEY"] = "0123456789abcdef" * 4
    settings = settings_from_environment(variables)
    said = operator_warnings(settings, variables)
    assert [each for each in said if "users_file" not in each] == []
    unit = (FOLDER / "playground.service").read_text()
    state = re.search(r"StateDirectory=(\w+)", unit)
    logs = re.search(r"LogsDirectory=(\w+)", unit)
    assert state
    assert f"PLAYGROUND_RUNS=/var/lib/{state[1]}/" in unit
    assert logs
    assert f"append:/var/log/{logs[1]}/" in unit
    assert f"/var/log/{logs[1]}/playground.log" in (FOLDER / "playground.logrotate").read_text()
    assert settings.host == "127.0.0.1"


def test_the_container_copies_what_it_installs() -> None:
    text = (FOLDER / "Containerfile").read_text()
    copied = re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE)
    assert all((ROOT / name).exists() for line in copied for name in line.split())
    command = re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)
    assert command
    assert '"playground", "serve"' in command[1]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_accepts_the_service(tmp_path: Path) -> None:
    text = (FOLDER / "playground.service").read_text()
    unit = tmp_path / "playground.service"
    unit.write_text(re.sub(r"(?m)^(ExecStart\w*)=\S+", r"\1=/bin/true", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    complaints = [line for line in done.stderr.splitlines() if "playground.service" in line]
    assert not complaints


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Run nginx with its example, with other ports; yield those for HTTP and for HTTPS."""
    names = {name: tmp_path / name for name in ("fullchain.pem", "privkey.pem")}
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=lab",
            "-out",
            str(names["fullchain.pem"]),
            "-keyout",
            str(names["privkey.pem"]),
        ],
        check=True,
        capture_output=True,
    )
    plain, tls, server = free_ports(3)
    text = (FOLDER / "nginx.conf").read_text()
    for name, path in names.items():
        text = re.sub(rf"/etc/\S+/{name}", str(path), text)
    for old, new in (
        # The first one, since a port of the others may begin with 5006.
        ("127.0.0.1:5006", f"127.0.0.1:{server}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
    ):
        assert old in text
        text = text.replace(old, new)
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{folders}{text}\n}}\n"
    )
    behind = ThreadingHTTPServer(("127.0.0.1", server), EchoOfHeaders)
    Thread(target=behind.serve_forever, daemon=True).start()
    nginx = subprocess.Popen(["nginx", "-g", "daemon off;", "-c", str(config)])
    try:
        yield plain, tls
    finally:
        nginx.terminate()
        nginx.wait(30)
        behind.shutdown()
        behind.server_close()


class EchoOfHeaders(BaseHTTPRequestHandler):
    """Stands behind the proxy, and answers with the headers that arrive."""

    def do_GET(self) -> None:
        """Answer a request, whatever its method."""
        text = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "person=x; Path=/")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self) -> None:
        """Answer a request to sign in."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


def free_ports(count: int) -> list[int]:
    """Return the numbers of ports that are free."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def ask_nginx(
    connection: HTTPConnection, path: str, method: str = "GET", **headers: str
) -> tuple[HTTPResponse, str]:
    """Return an answer and its text; the connection is kept."""
    connection.request(method, path, headers={"Host": "lab.example.org", **headers})
    answer = connection.getresponse()
    return answer, answer.read().decode()


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_nginx_does_what_its_example_says(nginx: tuple[int, int]) -> None:
    """It ends TLS, passes on who asks, hides what is the operator's, and slows down guessing."""
    plain, tls = nginx
    unencrypted = HTTPConnection("127.0.0.1", plain, timeout=30)
    for _ in range(100):
        try:
            unencrypted.connect()
            break
        except OSError:
            time.sleep(0.05)
    answer, _ = ask_nginx(unencrypted, "/a?b=1")
    assert (answer.status, answer.headers["Location"]) == (301, "https://lab.example.org/a?b=1")
    unencrypted.close()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with closing(HTTPSConnection("127.0.0.1", tls, timeout=30, context=trusting)) as connection:
        answer, text = ask_nginx(connection, "/ws", Upgrade="websocket", Connection="upgrade")
        assert answer.headers["Set-Cookie"].lower() == "person=x; path=/; secure; httponly"
        assert answer.headers["Strict-Transport-Security"]
        wanted = {
            "host": "lab.example.org",
            "x-real-ip": "127.0.0.1",
            "x-forwarded-proto": "https",
            "upgrade": "websocket",
            "connection": "upgrade",
        }
        assert wanted.items() <= json.loads(text).items()
        assert ask_nginx(connection, "/" + "a" * 20_000)[0].status == 200
        for path in ("/metrics", "/readiness"):
            assert ask_nginx(connection, path)[0].status == 403
        for _ in range(70):  # A class that opens the page to sign in.
            assert ask_nginx(connection, "/login")[0].status == 200
        tried = [ask_nginx(connection, "/login", "POST")[0].status for _ in range(70)]
        assert tried[:60] == [200] * 60
        assert tried[-5:] == [429] * 5
