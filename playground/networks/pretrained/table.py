"""The cards of all shipped readers, as a table."""

from __future__ import annotations

from pathlib import Path

from playground.networks.pretrained.load import HOME, card, names
from playground.networks.readers import READERS

_HEAD = (
    "| reader | parameters | MNIST test | unseen synthetic hands | trained in | made by |\n"
    "|---|---|---|---|---|---|"
)


def table(home: Path = HOME) -> str:
    """Return a table in Markdown, a row a reader, without a line break at the end."""
    return "\n".join([_HEAD, *(_row(name, home) for name in names(home))])


def _row(name: str, home: Path) -> str:
    of = card(name, home)
    took = f"{of.seconds / 60:.1f} min" if of.seconds >= 60 else f"{of.seconds:.0f} s"
    return (
        f"| {READERS[name].label} (`{name}`) | {of.parameters:,} | {of.accuracy:.2%} "
        f"| {of.hands_accuracy:.2%} | {took} | `{of.command}` |"
    )
