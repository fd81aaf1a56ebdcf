"""The source of modules: where each name at their top level is defined or imported."""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class ImportedName:
    """The origin of an imported name.

    Attributes
    ----------
    module : str
    name : str or None
        Its name there; None if the module itself is imported.
    alias : str or None
        Its name here, where that differs.
    """

    module: str
    name: str | None
    alias: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ModuleSource:
    """The text of a module, and the names at its top level.

    Attributes
    ----------
    lines : tuple of str
    lambdas : tuple of ast.Lambda
        All of them, at whatever depth.
    defined : dict of str to ast.stmt
    imported : dict of str to ImportedName
    """

    lines: tuple[str, ...]
    lambdas: tuple[ast.Lambda, ...]
    defined: dict[str, ast.stmt]
    imported: dict[str, ImportedName]


@cache
def module_source(module: str) -> ModuleSource:
    """Parse the source of a loaded module.

    Raises
    ------
    KeyError, OSError, TypeError
        If the module is not loaded, or has no source file.
    """
    text = inspect.getsource(sys.modules[module])
    tree = ast.parse(text)
    defined: dict[str, ast.stmt] = {}
    imported: dict[str, ImportedName] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imported |= _imported_names(statement)
        else:
            defined |= dict.fromkeys(_names(statement), statement)
    lambdas = tuple(each for each in ast.walk(tree) if isinstance(each, ast.Lambda))
    return ModuleSource(tuple(text.splitlines()), lambdas, defined, imported)


def _imported_names(statement: ast.Import | ast.ImportFrom) -> dict[str, ImportedName]:
    if isinstance(statement, ast.Import):
        return {
            each.asname or each.name: ImportedName(each.name, None, each.asname)
            for each in statement.names
        }
    module = statement.module or ""
    return {
        each.asname or each.name: ImportedName(module, each.name, each.asname)
        for each in statement.names
    }


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [each.id for each in targets if isinstance(each, ast.Name)]
