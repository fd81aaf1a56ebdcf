"""A place to drop files on, or to choose them from."""

from __future__ import annotations

import panel as pn

# Files wait in a list that grows. Over the label there is room for the one that is under way, and
# those that have come are not needed.
LIST = """
.filepond--root { overflow: hidden; }
.filepond--list-scroller { transform: none !important; margin: 0 !important; }
.filepond--item { transform: none !important; }
.filepond--item[data-filepond-item-state*="complete"] { display: none; }
"""


def dropper(largest: str) -> pn.widgets.FileDropper:
    """Make one for several files at once.

    Parameters
    ----------
    largest : str
        How large one of them may be, such as "100MB".
    """
    # It sends files in pieces: one message of over 20 MB would end the session.
    return pn.widgets.FileDropper(
        max_file_size=largest,
        chunk_size=1_000_000,
        multiple=True,
        previews=[],
        layout="compact",
        margin=0,
        height=56,
        sizing_mode="stretch_width",
        stylesheets=[LIST],
    )
