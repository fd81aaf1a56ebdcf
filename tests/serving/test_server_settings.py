"""The settings of whoever runs a server: from the environment, from options, and checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from playground.cli.commands import app
from playground.errors import InputError
from playground.pages.server import server_options
from playground.serving.settings import server_settings as module
from playground.serving.settings.operator_warnings import operator_warnings
from playground.serving.settings.server_settings import (
    ServerSettings,
    settings_from_environment,
)

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_in_force", [])


def check(*options: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["serve", "--check", *options], env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("MAX_SESSIONS", "1", 1),
        ("MAX_TRAINING_SESSIONS_PER_PERSON", "1", 1),
        ("SECRET_KEY", "12345", "12345"),
        ("ALLOW_ORIGIN", "lab.example.org, b:8080", ["lab.example.org", "b:8080"]),
        ("BEHIND_PROXY", "Yes", True),
        ("BEHIND_PROXY", "0", False),
        ("METRICS", "off", "off"),
        ("TRAIN_ON", "local", "local"),
        ("TRAIN_ON", "tls://10.0.0.5:8786", "tls://10.0.0.5:8786"),
    ],
)
def test_a_variable_sets_what_it_is_named_after(variable: str, text: str, expected: Any) -> None:
    settings = settings_from_environment({f"PLAYGROUND_{variable}": text})
    assert getattr(settings, variable.lower()) == expected


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("MAX_SESSIONS", "0"),
        ("MAX_SESSIONS", "many"),
        ("MAX_SESSIONS", "1.5"),
        ("BEHIND_PROXY", "perhaps"),
        ("AUTHENTICATION", "passwords"),
        ("TRAIN_ON", "10.0.0.5:8786"),
        ("TRAIN_ON", "tcp://10.0.0.5"),
    ],
)
def test_a_bad_value_is_named_with_its_variable(variable: str, text: str) -> None:
    with pytest.raises(InputError, match=f"PLAYGROUND_{variable}='{text}': "):
        settings_from_environment({f"PLAYGROUND_{variable}": text})
    option = f"--{variable.lower().replace('_', '-')}"
    status, output = check(**{f"PLAYGROUND_{variable}": text})
    assert (status, "Traceback" in output) == (1, False)
    if "PROXY" not in variable:
        assert check(option, text)[0] != 0


def test_an_option_wins_over_its_variable() -> None:
    status, output = check("--max-sessions", "7", PLAYGROUND_MAX_SESSIONS="8", PLAYGROUND_PORT="1")
    assert status == 0
    assert "max_sessions = 7 " in output
    assert "port = 1 " in output
    assert all(f"\n{name} = " in f"\n{output}" for name in ServerSettings().names)


def test_a_secret_is_never_printed() -> None:
    _, output = check(PLAYGROUND_SECRET_KEY=SECRET)
    assert SECRET not in output
    assert "secret_key = (set)" in output
    assert "secret_key is not set" not in output
    _, output = check(PLAYGROUND_CLASS_PASSWORD=SECRET)
    assert SECRET not in output
    assert "class_password = (set)" in output
    assert "secret_key is not set" in check()[1]


def test_what_an_operator_should_know_is_said() -> None:
    assert operator_warnings(ServerSettings(secret_key=SECRET), {}) == []
    settings = ServerSettings(
        host="0.0.0.0",
        allow_origin=["*"],
        metrics="all",
        secret_key="short",
        max_mb_total=10_000_000,
    )
    said = operator_warnings(settings, {"PLAYGROUND_MAX_SESION": "9", "PLAYGROUND_DATA": "x"})
    starts = ["host is", "behind_proxy", "secret_key has 5", "allow_origin is *", "metrics is all"]
    starts += ["max_mb_total", "PLAYGROUND_MAX_SESION is set"]
    assert [each.startswith(start) for each, start in zip(said, starts, strict=True)] == [True] * 7
    said = operator_warnings(ServerSettings(authentication="basic", users_file="none.json"), {})
    assert said[0].startswith("users_file is 'none.json'")
    said = operator_warnings(
        ServerSettings(host="0.0.0.0", separate_people="no", examples_folder="/nowhere"), {}
    )
    assert any("runs of all" in each for each in said)
    assert any("There is no folder '/nowhere'" in each for each in said)
    for settings, environment, expected in (
        (
            ServerSettings(),
            {"BOKEH_ALLOW_WS_ORIGIN": "*"},
            "BOKEH_ALLOW_WS_ORIGIN is set: *",
        ),
        (
            ServerSettings(),
            {"PANEL_BASIC_AUTH": "x"},
            "PANEL_BASIC_AUTH is set, but",
        ),
        (ServerSettings(), {"PANEL_OAUTH_PROVIDER": "x"}, "PANEL_OAUTH_PROVIDER is set, but"),
        (ServerSettings(behind_proxy=True), {}, "behind_proxy is on, and allow_origin names"),
        (ServerSettings(host=""), {}, "host is empty, which is every address"),
        (ServerSettings(workers=2, class_password=SECRET), {}, "workers is 2, and class_password"),
        (ServerSettings(workers=2, train_on="local"), {}, "workers is 2, and train_on is local"),
    ):
        assert any(each.startswith(expected) for each in operator_warnings(settings, environment))
    said = operator_warnings(ServerSettings(authentication="oauth"), {"PANEL_OAUTH_PROVIDER": ""})
    assert "PANEL_OAUTH_PROVIDER" in said[0]


def test_a_server_is_told_its_settings(tmp_path: Path) -> None:
    options = server_options(ServerSettings())
    assert (options["address"], options["sign_sessions"]) == ("127.0.0.1", True)
    assert options["secret_key"] != options["cookie_secret"].encode()
    with pytest.raises(InputError, match="users_file"):
        server_options(ServerSettings(authentication="basic"))
    users = tmp_path / "users.json"
    users.write_text(json.dumps({"ada": "lovelace"}))
    basic = ServerSettings(authentication="basic", users_file=str(users), secret_key=SECRET)
    assert server_options(basic)["basic_auth"] == str(users)
    users.chmod(0o644)
    assert any("mode 0600" in each for each in operator_warnings(basic, {}))
    users.chmod(0o600)
    assert operator_warnings(basic, {}) == []
    for text in ("[1", "[]", '{"ada": 1}', "\ud800"):
        users.write_text(text, errors="surrogatepass")
        with pytest.raises(InputError, match="users_file"):
            server_options(basic)
    with pytest.raises(InputError, match="PANEL_OAUTH_PROVIDER"):
        server_options(ServerSettings(authentication="oauth"))
