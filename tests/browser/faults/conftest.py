"""What tests/conftest.py has for all tests, and these do without."""

from __future__ import annotations

import pytest

from tests.support.servers.forked_program import FORKSERVER

# Their apps say a word and show nothing of ours: to load all of that takes longer than they do.
FORKSERVER.set_forkserver_preload(["panel.command.serve"])


@pytest.fixture(autouse=True)
def one_torch_thread() -> None:
    """Do nothing: PyTorch, which takes seconds to import, computes nothing here."""
