"""Scripts and style sheets that are compressed once."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, StaticFileHandler

from playground.serving.process.compressed_files import CompressedFiles, send_copies

CONTENTS = {
    f"{number}.{kind}": f"{number}{kind} " * 9999 for number in range(6) for kind in ("js", "css")
}
UNCHANGED = {"picture.png": "picture" * 999, "small.js": "small"}


def text_of(answer: HTTPResponse) -> str:
    is_compressed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.body) if is_compressed else answer.body).decode()


def test_files_are_sent_compressed_to_who_accepts_it_once_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StaticFileHandler, "set_headers", StaticFileHandler.set_headers)
    sources, copies = tmp_path / "sources", tmp_path / "copies"
    sources.mkdir()
    copies.mkdir()
    for name, content in {**CONTENTS, **UNCHANGED}.items():
        (sources / name).write_text(content)

    async def visit() -> None:
        send_copies(CompressedFiles(copies))
        server = HTTPServer(Application([("/(.*)", StaticFileHandler, {"path": sources})]))
        socket, port = bind_unused_port()
        server.add_socket(socket)
        client = AsyncHTTPClient(force_instance=True)

        async def get(name: str, accepted: str = "gzip, deflate, br") -> HTTPResponse:
            headers = {"Accept-Encoding": accepted}
            address = f"http://127.0.0.1:{port}/{name}"
            return await client.fetch(address, headers=headers, decompress_response=False)

        first = await asyncio.gather(*map(get, CONTENTS))
        assert [text_of(each) for each in first] == list(CONTENTS.values())
        for name, content in CONTENTS.items():
            async with asyncio.timeout(60):
                while (answer := await get(name)).headers.get("Content-Encoding") != "gzip":
                    await asyncio.sleep(0.01)
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Content-Type"].endswith(("/css", "javascript"))
            assert int(answer.headers["Content-Length"]) == len(answer.body) < len(content) / 4
            assert text_of(answer) == content
            plain = await get(name, "identity")
            assert plain.body.decode() == content
            assert plain.headers["Etag"] != answer.headers["Etag"]
        for name, content in UNCHANGED.items():
            answer = await get(name)
            assert "Content-Encoding" not in answer.headers
            assert answer.body.decode() == content
        client.close()
        server.stop()
        await server.close_all_connections()

    asyncio.run(visit())
