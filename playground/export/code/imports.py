"""The import statements of a script, sorted and without duplicates."""

from __future__ import annotations

import sys


class Imports:
    """Collects the imports of a script."""

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}
        self._names: dict[str, set[str]] = {}

    def module(self, name: str, alias: str | None = None) -> None:
        """Import a module, such as numpy as np."""
        self._modules[name] = f"import {name} as {alias}" if alias else f"import {name}"

    def name(self, module: str, name: str) -> None:
        """Import one name from a module."""
        self._names.setdefault(module, set()).add(name)

    def __str__(self) -> str:
        """Write the statements: the standard library first, and modules before names."""
        standard_library, third_party = self._section(standard=True), self._section(standard=False)
        return "\n\n".join(
            "\n".join(section) for section in (standard_library, third_party) if section
        )

    def _section(self, *, standard: bool) -> list[str]:
        def belongs(module: str) -> bool:
            return (module.partition(".")[0] in sys.stdlib_module_names) == standard

        whole = [self._modules[module] for module in sorted(self._modules) if belongs(module)]
        parts = [
            f"from {module} import {', '.join(sorted(self._names[module], key=_sort_key))}"
            for module in sorted(self._names)
            if belongs(module)
        ]
        return whole + parts


def _sort_key(name: str) -> tuple[int, str]:
    """Order names as import sorters do: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
