"""Tags of widgets that hold the sentence by which `HelpSentences` explains them."""

from __future__ import annotations

HELP = "help: "
"""Beginning of the tag."""


def help_tags(sentence: str | None) -> list[str]:
    """Return the tags that have a control explained by a sentence; none for an empty one."""
    words = " ".join((sentence or "").replace("`", "").split())
    return [HELP + words] if words else []
