"""Definitions that a script needs, quoted from the modules that they are in.

So an activation, a cloud or a schedule is written only once: a new one appears in scripts without
further code, and scripts can't differ from what the pages do.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch.nn import functional

from playground.errors import InputError
from playground.export.code.imports import Imports
from playground.export.code.module_source import ModuleSource, module_source
from playground.export.code.stripped_definition import stripped_definition

PACKAGE = "playground"


class Definitions:
    """Quoted definitions, each after those that it uses, and the imports that they need.

    Functions and classes can be quoted from this package and from modules of the user, but not
    from installed libraries, which a script imports.

    Attributes
    ----------
    imports : Imports
        Of the quoted code; a script adds its own.
    """

    def __init__(self) -> None:
        self.imports = Imports()
        self._sources: dict[tuple[str, str], str] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """The definitions quoted so far."""
        return tuple(self._sources.values())

    def name(self, obj: Callable[..., Any]) -> str:
        """Quote a function or a class, and return its name.

        Raises
        ------
        InputError
            If its source can't be read, or it is not defined at the top level of its module.
        """
        name = obj.__name__
        if name not in _readable_source(obj).defined:
            raise InputError(
                f"There is no code to be shown for {name}: only what is defined at the top level "
                "of a module can be quoted."
            )
        self._add_definition(obj.__module__, name)
        return name

    def format_call(self, function: Callable[..., Any], *arguments: str) -> str:
        """Write a call of a function, and quote or import the function.

        Parameters
        ----------
        function : callable
            A function or a lambda that can be quoted, or a function of `torch.nn.functional`.
        *arguments : str
            Expressions; a lambda repeats them wherever it uses an argument.

        Raises
        ------
        InputError
            If the function can't be quoted.
        """
        listed = ", ".join(arguments)
        name = getattr(function, "__name__", "")
        if is_of_torch(function):
            self.imports.name("torch.nn", "functional")
            return f"functional.{name}({listed})"
        if not name or not is_quotable(function.__module__):
            raise InputError(f"There is no code to be shown for {name or function!r}.")
        if name == "<lambda>":
            return self._inline_lambda(function, arguments)
        return f"{self.name(function)}({listed})"

    def _inline_lambda(self, function: Callable[..., Any], arguments: tuple[str, ...]) -> str:
        source, code = _readable_source(function), function.__code__
        (node,) = (each for each in source.lambdas if each.lineno == code.co_firstlineno)
        replacements = dict(zip((each.arg for each in node.args.args), arguments, strict=True))
        for each in ast.walk(node.body):
            if isinstance(each, ast.Name) and each.id not in replacements:
                self._resolve(source, function.__module__, each.id)
        return _substitute_names(source, node.body, replacements)

    def _add_definition(self, module: str, name: str) -> None:
        if (module, name) in self._sources:
            return
        source = module_source(module)
        if name not in source.defined:
            self._resolve(source, module, name)
            return
        definition = stripped_definition(source, name)
        for dependency in definition.dependencies:
            self._resolve(source, module, dependency)
        self._sources[module, name] = definition.text

    def _resolve(self, source: ModuleSource, module: str, name: str) -> None:
        """Quote or import what a name in a module refers to, unless it is a built-in name."""
        origin = source.imported.get(name)
        if origin is None:
            if name in source.defined:
                self._add_definition(module, name)
        elif is_quotable(origin.module) and origin.name is not None:
            self._add_definition(origin.module, origin.name)
        elif origin.name is None:
            self.imports.module(origin.module, origin.alias)
        else:
            self.imports.name(origin.module, origin.name)


def is_of_torch(function: object) -> bool:
    """Whether a function is one of `torch.nn.functional`."""
    name = getattr(function, "__name__", "")
    return bool(name) and getattr(functional, name, None) is function


def is_quotable(module: str) -> bool:
    """Whether a module belongs to this package or to the user, and not to an installed library."""
    root = module.partition(".")[0]
    if root == PACKAGE:
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    if root in sys.stdlib_module_names or file is None:
        return False
    libraries = (Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib"))
    return not any(Path(file).is_relative_to(folder) for folder in libraries)


def _readable_source(obj: Callable[..., Any]) -> ModuleSource:
    try:
        return module_source(obj.__module__)
    except (KeyError, OSError, TypeError) as error:
        raise InputError(
            f"There is no code to be shown for {obj.__name__}: the source of its module can't be "
            "read."
        ) from error


def _substitute_names(source: ModuleSource, node: ast.expr, replacements: dict[str, str]) -> str:
    """Return the text of an expression on one line, with some names replaced by expressions."""
    text = ast.get_source_segment("\n".join(source.lines), node) or ""
    names = [
        each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in replacements
    ]
    for each in sorted(names, key=lambda found: found.col_offset, reverse=True):
        start, end = each.col_offset - node.col_offset, (each.end_col_offset or 0) - node.col_offset
        encoded = text.encode()
        text = (encoded[:start] + replacements[each.id].encode() + encoded[end:]).decode()
    return text
