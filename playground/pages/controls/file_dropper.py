"""A place to drop files on, or to choose them from."""

from __future__ import annotations

import panel as pn

# Files wait in a list that grows. Over the label there is room for the one that is under way, and
# those that have come are not needed.
QUEUE_CSS = """
.filepond--root { overflow: hidden; }
.filepond--list-scroller { transform: none !important; margin: 0 !important; }
.filepond--item { transform: none !important; }
.filepond--item[data-filepond-item-state*="complete"] { display: none; }
"""


def file_dropper(max_file_size: str) -> pn.widgets.FileDropper:
    """Make one for several files at once.

    Parameters
    ----------
    max_file_size : str
        How large one of them may be, such as "100MB".
    """
    # It sends files in pieces: one message of over 20 MB would end the session.
    return pn.widgets.FileDropper(
        max_file_size=max_file_size,
        chunk_size=1_000_000,
        multiple=True,
        previews=[],
        layout="compact",
        margin=0,
        height=56,
        sizing_mode="stretch_width",
        stylesheets=[QUEUE_CSS],
    )
