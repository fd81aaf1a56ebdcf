"""The files that a snapshot is made of, and the bundling of its JavaScript modules."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from playground.serving import patches

FOLDER = Path(__file__).parent
PAGE_MODULES = {"finer_pictures.js": Path(patches.__file__).with_name("finer_pictures.js")}
"""Modules that pages have too."""
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z_]+\.js)"\n', re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


@cache
def read_template(name: str) -> str:
    """Read a file of HTML or styles."""
    return (FOLDER / "templates" / name).read_text(encoding="utf-8")


@cache
def _read_module(name: str) -> str:
    path = PAGE_MODULES.get(name, FOLDER / "js" / name)
    return path.read_text(encoding="utf-8")


@cache
def bundle(*names: str) -> str:
    """Concatenate modules of the folder `js` and `PAGE_MODULES`, each after those that it imports.

    A browser that opens a file from disk loads no modules from other files. Therefore imports and
    exports are removed, and all modules share one scope: their top-level names must be unique.
    """
    return "\n".join(
        IMPORT.sub("", EXPORT.sub("", _read_module(name))) for name in _dependency_order(names)
    )


def _dependency_order(names: tuple[str, ...]) -> list[str]:
    """List modules and their imports, each once, imported modules first."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        for other in IMPORT.findall(_read_module(name)):
            visit(other)
        order[name] = None

    for name in names:
        visit(name)
    return list(order)
