"""What tests/conftest.py has for all tests, and these do without."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def one_torch_thread() -> None:
    """Do nothing: PyTorch, which takes seconds to import, computes nothing here."""
