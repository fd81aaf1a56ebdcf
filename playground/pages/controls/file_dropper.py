"""A widget on which files are dropped, or which opens a file chooser."""

from __future__ import annotations

import panel as pn

# FilePond shows a growing list of files. The label has room for the one that is being uploaded;
# complete ones are hidden.
QUEUE_CSS = """
.filepond--root { overflow: hidden; }
.filepond--list-scroller { transform: none !important; margin: 0 !important; }
.filepond--item { transform: none !important; }
.filepond--item[data-filepond-item-state*="complete"] { display: none; }
"""


def file_dropper(max_file_size: str) -> pn.widgets.FileDropper:
    """Make a widget that uploads one or several files.

    Parameters
    ----------
    max_file_size : str
        Of one file, such as "100MB".
    """
    # It sends files in chunks: one message of over 20 MB would end the session.
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
