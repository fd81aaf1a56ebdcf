from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from playground.problems.image_datasets import fallback_digits, locations
from playground.problems.image_datasets import image_dataset as image_dataset_module
from playground.problems.image_datasets.download import DownloadError
from playground.problems.image_datasets.mirrors import find_mirrors
from playground.problems.image_datasets.mnist_files import MNIST_FILES
from tests.support.data import idx_files


class FileServer:
    """A server on this machine that can be told to fail.

    Attributes
    ----------
    held : dict
        Path to bytes; what is not in it is a 404.
    cut : set of str
        Paths whose answers break off half-way.
    asked : list of str
        The paths asked for so far.
    """

    def __init__(self, held):
        self.held, self.cut, self.asked = dict(held), set(), []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                """Keep the tests' output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def answer(self, request):
        name = request.path.lstrip("/")
        self.asked.append(name)
        if name not in self.held:
            request.send_error(404)
            return
        body = self.held[name]
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: len(body) // 2] if name in self.cut else body)

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.delenv("PLAYGROUND_DATA", raising=False)
    monkeypatch.setattr(image_dataset_module, "_failures", {})
    return idx_files.raw_folder(tmp_path / "cache" / "data")


@pytest.fixture
def server(monkeypatch):
    from torchvision.datasets import MNIST

    held, resources = idx_files.gzip_files(idx_files.random_files())
    server = FileServer(held)
    monkeypatch.setattr(MNIST, "mirrors", [server.address])
    monkeypatch.setattr(MNIST, "resources", resources)
    yield server
    server.stop()


def no_progress(*_):
    """Show no progress."""


def leftovers(home):
    return sorted(path.name for path in home.rglob("*") if path.name not in MNIST_FILES)


def test_what_is_missing_is_downloaded_once(home, server):
    told = []
    images = idx_files.tiny_dataset().load(progress=lambda *news: told.append(news))
    assert not images.is_fallback
    assert images.train.pictures.equal(
        idx_files.tiny_dataset().load(progress=no_progress).train.pictures
    )
    assert server.asked == [f"{name}.gz" for name in MNIST_FILES]
    assert leftovers(home) == []
    assert {what for _, _, what in told} == {f"tiny, file {n} of 4" for n in range(1, 5)}
    sizes = [len(server.held[f"{name}.gz"]) for name in MNIST_FILES]
    assert [news[:2] for news in told] == [(size, size) for size in sizes]


def test_the_terminal_has_a_bar_only_if_it_is_a_tty(home, server, capsys):
    assert not idx_files.tiny_dataset().load().is_fallback
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("spoil", ["half", "bent", "absent"])
def test_a_bad_download_leaves_nothing_and_goes_on_where_it_stopped(
    home, server, monkeypatch, caplog, spoil
):
    third = f"{MNIST_FILES[2]}.gz"
    good = server.held[third]
    if spoil == "half":
        server.cut = {third}
    elif spoil == "bent":
        server.held[third] = good[:-1] + bytes([good[-1] ^ 1])
    else:
        del server.held[third]
    images = idx_files.tiny_dataset().load(progress=no_progress)
    assert images.is_fallback
    assert "127.0.0.1" in caplog.text
    assert sorted(path.name for path in home.iterdir()) == sorted(MNIST_FILES[:2])

    monkeypatch.setattr(image_dataset_module, "RETRY_SECONDS", 0.0)
    server.held[third], server.cut = good, set()
    server.asked.clear()
    assert not idx_files.tiny_dataset().load(progress=no_progress).is_fallback
    assert server.asked == [third, f"{MNIST_FILES[3]}.gz"]


def test_sessions_that_come_at_once_share_one_download(home, server):
    corpus = idx_files.tiny_dataset()
    with ThreadPoolExecutor(4) as sessions:
        loaded = list(sessions.map(lambda _: corpus.load(progress=no_progress), range(4)))
    assert len(server.asked) == 4
    assert len({id(images) for images in loaded}) == 1


def test_the_next_mirror_is_tried(home, server, monkeypatch):
    from torchvision.datasets import MNIST

    broken = FileServer({name: b"<html>Log in to this network</html>" for name in server.held})
    try:
        monkeypatch.setattr(
            MNIST, "mirrors", ["http://127.0.0.1:1/", broken.address, server.address]
        )
        assert not idx_files.tiny_dataset().load(progress=no_progress).is_fallback
    finally:
        broken.stop()
    assert len(broken.asked) == len(server.asked) == 4


def test_a_file_in_the_cache_that_breaks_is_fetched_again(home, server):
    idx_files.tiny_dataset().load(progress=no_progress)
    path = home / MNIST_FILES[0]
    path.write_bytes(path.read_bytes()[:100])
    server.asked.clear()
    assert not idx_files.tiny_dataset().load(progress=no_progress).is_fallback
    assert server.asked == [f"{MNIST_FILES[0]}.gz"]


def test_the_progress_callback_can_abort_the_download(home, server):
    def end(done, total, what):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        idx_files.tiny_dataset().load(progress=end)
    assert not home.exists()
    assert not idx_files.tiny_dataset().load(progress=no_progress).is_fallback


def test_a_failed_download_is_not_waited_for_again_at_once(home, server):
    server.held.clear()
    first = idx_files.tiny_dataset().load(progress=no_progress)
    server.asked.clear()
    assert idx_files.tiny_dataset().load(progress=no_progress) is first
    assert server.asked == []


def test_a_full_disk_leads_to_the_fallback(home, server, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(image_dataset_module, "download_file", full)
    assert idx_files.tiny_dataset().load(progress=no_progress).is_fallback
    assert "No space left" in caplog.text


def test_the_fallback_is_real_digits_and_says_so(home, server):
    from sklearn.datasets import load_digits
    from sklearn.neighbors import KNeighborsClassifier

    server.held.clear()
    images = idx_files.tiny_dataset().load(progress=no_progress)
    assert images.is_fallback
    assert "scikit-learn" in images.remark
    assert "tiny" in images.remark
    assert images.classes == tuple("0123456789")
    assert (len(images.train), len(images.test)) == (1297, 500)
    small, labels = load_digits(return_X_y=True)
    assert images.train.labels.tolist() == labels[:1297].tolist()
    # Ink stays ink: 20 × 20 pixels in place of 8 × 8 are 6.25 times as many.
    ink = images.train.pictures.numpy().sum((1, 2)) / 255
    np.testing.assert_allclose(ink, small[:1297].sum(1) / 16 * 6.25, rtol=0.1)
    classifier = KNeighborsClassifier(3).fit(images.train.pictures.flatten(1), images.train.labels)
    assert classifier.score(images.test.pictures.flatten(1), images.test.labels) > 0.9
    assert fallback_digits.fallback_digits("x").train is images.train


@pytest.mark.parametrize("name", ["EMNIST", "QMNIST"])
def test_files_of_another_data_set_or_format_are_not_taken(name: str) -> None:
    with pytest.raises(DownloadError, match=f"does not have {name} as 4 files"):
        find_mirrors(name)
