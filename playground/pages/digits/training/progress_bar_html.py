"""A progress bar with a label, as HTML."""

from __future__ import annotations

from html import escape


def progress_bar_html(share: float | None, label: str) -> str:
    """Return a progress bar with a label.

    Parameters
    ----------
    share : float or None
        From 0 to 1; None if unknown, which shows an animation.
    label : str
        The label.
    """
    value = "" if share is None else f' value="{min(max(share, 0.0), 1.0):.4f}"'
    text = escape(label)
    return (
        f'<div class="pg-meter"><progress max="1"{value} aria-label="{text}"></progress>'
        f"<span>{text}</span></div>"
    )
