"""A set of labelled pictures: found on this machine, or downloaded, or stood in for."""

from __future__ import annotations

import math
import os
from collections.abc import Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic

from playground.errors import InputError
from playground.problems.corpora.bar import terminal_bar
from playground.problems.corpora.fetch import Progress, fetch
from playground.problems.corpora.files import FILES, read_file, read_labelled
from playground.problems.corpora.images import Images
from playground.problems.corpora.place import cache, where
from playground.problems.corpora.servers import servers
from playground.problems.corpora.stand_in import stand_in

RETRY_SECONDS = 60.0
"""After a failed download a set is stood in for at once for so long.

Else all who open the page behind a broken connection would wait for it one after the other.
"""

_failures: dict[str, tuple[float, Images]] = {}


@dataclass(frozen=True, slots=True)
class Corpus:
    """A set of pictures in the format of MNIST.

    Attributes
    ----------
    name : str
        What a person chooses it by.
    about : str
        One line on what it shows, and whose it is.
    kin : str
        Name of its class in torchvision.datasets, which knows its servers and checksums; also
        of the folder it lies in.
    classes : tuple of str
        What the class numbers mean.
    sha256 : tuple of str
        Checksums of the unpacked `FILES`; empty if unknown.
    """

    name: str
    about: str
    kin: str
    classes: tuple[str, ...]
    sha256: tuple[str, ...] = ()
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def load(self, folder: str | Path | None = None, progress: Progress | None = None) -> Images:
        """Read the pictures, after downloading them if need be.

        They are looked for in `where(folder)`, then in our cache; then they are downloaded into
        the cache; if that fails, scikit-learn's digits stand in. Equal files give the same
        tensors to everyone. May take minutes: call it in a thread of its own.

        Parameters
        ----------
        folder : str or Path, optional
            Where they are; see `where`.
        progress : callable, optional
            Told how a download goes, see `Progress`; a bar in the terminal if left out.

        Raises
        ------
        InputError
            There is no such folder, or it was named and does not hold this set, or holds a
            part of it, or a file in it is broken.
        """
        with self._lock:
            root = where(folder)
            if root == cache():
                return self._kept(progress)
            missing = [name for name in FILES if not os.path.isfile(self._home(root) / name)]
            if not missing:
                return self._read(self._home(root))
            if folder or len(missing) < len(FILES):
                raise InputError(
                    f"{root} does not hold all of {self.name}: "
                    f"there is no {self.kin}/raw/{missing[0]}."
                )
            return self._kept(progress)

    def _home(self, root: Path) -> Path:
        return root / self.kin / "raw"

    def _kept(self, progress: Progress | None) -> Images:
        """Read from our cache, in which nobody but us puts things to rights."""
        home = self._home(cache())
        try:
            return self._read(home)
        except InputError:
            return self._fetched(home, progress)

    def _fetched(self, home: Path, progress: Progress | None) -> Images:
        """Download what is not there or not sound; failing that, return the stand-in."""
        failed, instead = _failures.get(self.name, (-math.inf, None))
        if instead and monotonic() < failed + RETRY_SECONDS:
            return instead
        try:
            with nullcontext(progress) if progress else terminal_bar() as show:
                self._download(home, show)
        except OSError as problem:
            _failures[self.name] = (monotonic(), stand_in(self.name, str(problem)))
            return _failures[self.name][1]
        return self._read(home)

    def _download(self, home: Path, progress: Progress) -> None:
        mirrors, resources = servers(self.kin)
        for index, (packed, md5) in enumerate(resources):
            try:
                read_file(home, index, self.sha256)
            except InputError:
                what = f"{self.name}, file {index + 1} of {len(FILES)}"
                fetch(packed, mirrors, md5, home, what, progress)

    def _read(self, home: Path) -> Images:
        """Return what is in the files, the same object while they stay the same."""
        return _parsed(self, home, tuple(_stamp(home / name) for name in FILES))


def _stamp(path: Path) -> Hashable:
    """Return what changes when a file does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _parsed(corpus: Corpus, home: Path, _stamps: Hashable) -> Images:
    return Images(
        read_labelled(home, 0, corpus.sha256, len(corpus.classes)),
        read_labelled(home, 2, corpus.sha256, len(corpus.classes)),
        classes=corpus.classes,
        source=f"{corpus.name}, from {home}",
    )
