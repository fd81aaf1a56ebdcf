"""Definitions without type hints, long docstrings and registrations, for a short script."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from functools import cache

from playground.export.code.module_source import ModuleSource

_HEADER_ENDS = re.compile(r":\s*(#.*)?$")
_TOOL_COMMENTS = re.compile(r"\s+# (type: ignore|noqa).*$")
_Def = ast.FunctionDef | ast.ClassDef


class StrippedDefinition:
    """One definition of a module, shortened.

    Parameters
    ----------
    source : ModuleSource
    node : ast.stmt
        A function, a class or a constant at the top level of it.

    Attributes
    ----------
    text : str
        Function headers without types, the first line of each docstring, otherwise unchanged.
    dependencies : tuple of str
        Names at the top level of the module that the definition uses.
    """

    def __init__(self, source: ModuleSource, node: ast.stmt) -> None:
        self._source = source
        self._lines: list[str | None] = list(source.lines)
        stripped = _StripAnnotations(source).visit(copy.deepcopy(node))
        self.dependencies = tuple(dict.fromkeys(_free_names(stripped, source)))
        self._trim(node)
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        kept_lines = [line for line in self._lines[first - 1 : node.end_lineno] if line is not None]
        self.text = "\n".join(_TOOL_COMMENTS.sub("", line) for line in kept_lines)

    def _trim(self, node: ast.stmt) -> None:
        for each in ast.walk(node):
            if isinstance(each, ast.FunctionDef):
                self._shorten_header(each)
            if isinstance(each, ast.FunctionDef | ast.ClassDef):
                self._shorten_docstring(each)
                self._drop_registrations(each)
            if isinstance(each, ast.AnnAssign):
                self._drop_annotation(each)

    def _shorten_header(self, node: ast.FunctionDef) -> None:
        first = last = node.lineno - 1
        while not _HEADER_ENDS.search(self._source.lines[last]):
            last += 1
        arguments = ast.unparse(_StripAnnotations(self._source).visit(copy.deepcopy(node.args)))
        indent = " " * node.col_offset
        self._replace(first, last, f"{indent}def {node.name}({arguments}):")

    def _shorten_docstring(self, node: _Def) -> None:
        if documentation := ast.get_docstring(node):
            docstring = node.body[0]
            summary = documentation.partition("\n")[0]
            text = f'{" " * docstring.col_offset}"""{summary}"""'
            self._replace(
                docstring.lineno - 1, (docstring.end_lineno or docstring.lineno) - 1, text
            )

    def _drop_registrations(self, node: _Def) -> None:
        """Remove decorators that only enter the function in a registry of this package."""
        for each in node.decorator_list:
            if _is_registration(each, self._source):
                self._replace(each.lineno - 1, (each.end_lineno or each.lineno) - 1, None)

    def _drop_annotation(self, node: ast.AnnAssign) -> None:
        number, line = node.lineno - 1, self._source.lines[node.lineno - 1].encode()
        if node.value is None or node.value.lineno != node.lineno:
            self._lines[number] = None if node.value is None else self._lines[number]
            return
        target, value = line[: node.target.end_col_offset], line[node.value.col_offset :]
        self._lines[number] = f"{target.decode()} = {value.decode()}"

    def _replace(self, first: int, last: int, text: str | None) -> None:
        self._lines[first : last + 1] = [text, *[None] * (last - first)]


@cache
def stripped_definition(source: ModuleSource, name: str) -> StrippedDefinition:
    """Return the definition of a name at the top level of a module; each is shortened once."""
    return StrippedDefinition(source, source.defined[name])


class _StripAnnotations(ast.NodeTransformer):
    """Removes type hints and registrations from the tree in which names are searched."""

    def __init__(self, source: ModuleSource) -> None:
        self._source = source

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.visit_ClassDef(node)

    def visit_ClassDef(self, node: _Def) -> ast.AST:
        node.decorator_list = [
            each for each in node.decorator_list if not _is_registration(each, self._source)
        ]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def _is_registration(decorator: ast.expr, source: ModuleSource) -> bool:
    root = next(each for each in ast.walk(decorator) if isinstance(each, ast.Name))
    origin = source.imported.get(root.id)
    return root.id in source.defined or (
        origin is not None and origin.module.startswith("playground")
    )


def _free_names(node: ast.AST, source: ModuleSource) -> Iterator[str]:
    """List names that are used but defined outside, in order of use."""
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    arguments = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    local = {each.id for each in names if isinstance(each.ctx, ast.Store)} | arguments
    for each in names:
        if each.id not in local and (each.id in source.defined or each.id in source.imported):
            yield each.id
