"""A bar that fills up, with words beside it."""

from __future__ import annotations

from html import escape


def progress_bar_html(share: float | None, words: str) -> str:
    """A progress bar as HTML.

    Parameters
    ----------
    share : float or None
        From 0 to 1; None if unknown: something moves then.
    words : str
        What it is about, and how far it is.
    """
    value = "" if share is None else f' value="{min(max(share, 0.0), 1.0):.4f}"'
    said = escape(words)
    return (
        f'<div class="pg-meter"><progress max="1"{value} aria-label="{said}"></progress>'
        f"<span>{said}</span></div>"
    )
