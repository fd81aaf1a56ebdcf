"""Code of ours that a script needs, quoted from the files it is in.

So an activation, a cloud or a schedule is written down once: whoever adds one has its code in
scripts too, and scripts can't come to differ from what the pages do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torch.nn import functional

from playground.errors import InputError
from playground.export.code.imports import Imports
from playground.export.code.module_source import ModuleSource, module_source
from playground.export.code.stripped_definition import StrippedDefinition

PACKAGE = "playground"


class Definitions:
    """Definitions in the order in which they need one another, and the imports of it all.

    Attributes
    ----------
    imports : Imports
        Of what is quoted; a script adds its own.
    """

    def __init__(self) -> None:
        self.imports = Imports()
        self._sources: dict[tuple[str, str], str] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """What has been quoted so far."""
        return tuple(self._sources.values())

    def name(self, obj: Callable[..., Any]) -> str:
        """Have a function or a class of ours at hand; returns what the script calls it by."""
        self._add_definition(obj.__module__, obj.__name__)
        return obj.__name__

    def format_call(self, function: Callable[..., Any], *arguments: str) -> str:
        """Write a call of a function with arguments that are written already.

        Parameters
        ----------
        function : callable
            A function or a lambda of ours, or one of `torch.nn.functional`.
        *arguments : str
            Expressions, each short enough to stand wherever the function uses it.

        Raises
        ------
        InputError
            If the function is none that can be quoted.
        """
        listed = ", ".join(arguments)
        name = getattr(function, "__name__", "")
        if name and getattr(functional, name, None) is function:
            self.imports.name("torch.nn", "functional")
            return f"functional.{name}({listed})"
        if not name or not function.__module__.startswith(PACKAGE):
            raise InputError(f"There is no code to be shown for {name or function!r}.")
        if name == "<lambda>":
            return self._inline_lambda(function, arguments)
        return f"{self.name(function)}({listed})"

    def _inline_lambda(self, function: Callable[..., Any], arguments: tuple[str, ...]) -> str:
        source, code = module_source(function.__module__), function.__code__
        (node,) = (
            each
            for each in ast.walk(source.tree)
            if isinstance(each, ast.Lambda) and each.lineno == code.co_firstlineno
        )
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
        definition = StrippedDefinition(source, source.defined[name])
        for dependency in definition.dependencies:
            self._resolve(source, module, dependency)
        self._sources[module, name] = definition.text

    def _resolve(self, source: ModuleSource, module: str, name: str) -> None:
        """Have at hand what a name in a module stands for; built-in names are always."""
        origin = source.imported.get(name)
        if origin is None:
            if name in source.defined:
                self._add_definition(module, name)
        elif origin.module.partition(".")[0] == PACKAGE:
            self._add_definition(origin.module, origin.name or name)
        elif origin.name is None:
            self.imports.module(origin.module, origin.alias)
        else:
            self.imports.name(origin.module, origin.name)


def _substitute_names(source: ModuleSource, node: ast.expr, replacements: dict[str, str]) -> str:
    """The text of an expression on one line, with other words for some names."""
    text = ast.get_source_segment("\n".join(source.lines), node) or ""
    names = [
        each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in replacements
    ]
    for each in sorted(names, key=lambda found: found.col_offset, reverse=True):
        start, end = each.col_offset - node.col_offset, (each.end_col_offset or 0) - node.col_offset
        encoded = text.encode()
        text = (encoded[:start] + replacements[each.id].encode() + encoded[end:]).decode()
    return text
