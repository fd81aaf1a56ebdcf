"""Names and origins that a server knows, and those that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.serving.protection.hosts import host_of, is_known_host, is_known_origin, is_loopback
from playground.serving.protection.response_headers import content_security_policy

ALLOWED = ["lab.example.org", "b.example.org:8080"]


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:5006", True),
        ("LOCALHOST", True),
        ("localhost.", True),
        ("127.0.0.1:5006", True),
        ("192.168.1.7", True),
        ("[::1]:5006", True),
        ("lab.example.org", True),
        ("Lab.Example.Org:443", True),
        ("b.example.org", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("lab.example.org.evil.example", False),
        ("xlab.example.org", False),
        ("localhost@evil.example", False),
        ("evil.example#localhost", False),
        ("127.0.0.1.evil.example", False),
        ("localhost:5006; script-src *", False),
        ("localhost\nX: 1", False),
        ("", False),
        ("[::1", False),
    ],
)
def test_a_server_goes_by_these_names(host: str, known: bool) -> None:
    assert is_known_host(host, ALLOWED) is known


@pytest.mark.parametrize(
    ("origin", "host", "known"),
    [
        ("http://localhost:5006", "localhost:5006", True),
        ("https://lab.example.org", "lab.example.org", True),
        ("https://lab.example.org", "127.0.0.1:5006", True),
        ("http://b.example.org:8080", "127.0.0.1:5006", True),
        ("http://b.example.org:8081", "127.0.0.1:5006", False),
        ("http://192.168.1.7", "192.168.1.8", False),
        ("http://localhost:5007", "localhost:5006", False),
        ("https://evil.example", "lab.example.org", False),
        ("null", "localhost", False),
        ("", "localhost", False),
        ("file://", "localhost", False),
        ("http://[::1", "localhost", False),
        ("chrome-extension://abc", "abc", False),
    ],
)
def test_pages_of_these_origins_may_talk(origin: str, host: str, known: bool) -> None:
    assert is_known_origin(origin, host, ALLOWED) is known


def test_a_star_allows_all() -> None:
    assert is_known_host("evil.example", ["*"])
    assert is_known_origin("https://evil.example", "localhost", ["*"])


@pytest.mark.fuzz
@given(st.text())
def test_whatever_a_browser_sends_is_answered(text: str) -> None:
    if is_known_host(text, ALLOWED):
        assert host_of(text) is not None
    assert is_known_origin(text, "localhost", ALLOWED) in {True, False}
    assert is_loopback(text) in {True, False}


def test_the_policy_names_the_websocket_of_this_host() -> None:
    policy = content_security_policy("lab.example.org", ["https://moodle.example.org"])
    assert "wss://lab.example.org" in policy
    assert policy.endswith("https://moodle.example.org")
    for refused in ("x; script-src *", "x y", "x" * 9 + "\u2028"):
        assert refused not in content_security_policy(refused, [])
