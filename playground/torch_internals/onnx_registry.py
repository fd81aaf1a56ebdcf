"""One table of ONNX functions for all exports of a process, and no graphs in its log.

`torch.onnx.export` makes the table of ONNX functions for PyTorch's operators anew on each call: it
reads and parses the source of 500 functions, which takes longer than to export a small network.
There is no public way to give it a table, so the private method that makes it is replaced, for the
process, by one that copies the first table. It exists in PyTorch 2.6 to 2.14; where it does not,
nothing is replaced and exports take longer.

Where an export fails, `torch.export` prints what it has traced until then, pages of it, twice. That
is not a logger's, so the function that prints is replaced in its module, in PyTorch 2.6 to 2.14.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import cache
from importlib import import_module
from typing import Any

_QUIET = ContextVar("quiet", default=False)


@contextmanager
def without_printed_graphs() -> Iterator[None]:
    """Keep `torch.export` from printing graphs, in this thread or task."""
    _make_printing_optional()
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


@cache
def _make_printing_optional() -> None:
    def print_unless_quiet(*parts: object, **named: Any) -> None:
        if not _QUIET.get():
            builtins.print(*parts, **named)

    try:
        module: Any = import_module("torch.export._trace")
    except ImportError:  # Private: it may be gone.
        return
    module.print = print_unless_quiet


@cache
def keep_registry() -> None:
    """Have `torch.onnx.export` make its table of functions once; safe to repeat."""
    try:
        exporter: Any = import_module("torch.onnx._internal.exporter._registration")
        registry_class = exporter.ONNXRegistry
        make = registry_class.from_torchlib
        assert isinstance(registry_class().functions, dict)
    except Exception:  # Private: it may be gone or changed in whatever way.
        return

    @cache
    def make_once(_has_torchvision: bool, *options: Any, **named: Any) -> Any:  # noqa: ANN401
        return make(*options, **named)

    def from_torchlib(_registry: type, *options: Any, **named: Any) -> Any:  # noqa: ANN401
        # The operators of torchvision are there only once it is imported.
        registry = copy(make_once("torchvision" in sys.modules, *options, **named))
        # An export registers the functions that its caller adds.
        registry.functions = {target: [*found] for target, found in registry.functions.items()}
        return registry

    registry_class.from_torchlib = classmethod(from_torchlib)
