"""What a page needs in a notebook, where the browser talks to a kernel and not to a server."""

from __future__ import annotations

import sys
from functools import cache

import panel as pn

from playground.serving.patches.bokeh_patches import patch_notebook

PAGE_HEIGHT = "780px"
"""Height of a page in a wide cell, as CSS."""


class PageColumn(pn.Column):
    """All that a page shows, with a short text.

    Beside a page itself, a cell that shows one gets its text. The text of a layout tells all of
    its hundreds of parts: to make it takes a third of the time that the page takes.
    """

    def __repr__(self, depth: int = 0, max_depth: int = 10) -> str:
        return "A page of Playground"


def in_notebook() -> bool:
    """Whether this runs in the kernel of a notebook."""
    shell = sys.modules.get("IPython")
    return shell is not None and hasattr(shell.get_ipython(), "kernel")


def window_styles() -> dict[str, str]:
    """Styles of a page: in a notebook a height that does not depend on the browser window."""
    return {"--pg-window": PAGE_HEIGHT} if in_notebook() else {}


def load_extensions() -> None:
    """Have the browser load what pages need, so that nobody has to call `pn.extension`."""
    if pn.state.curdoc is not None:
        if "filedropper" not in (pn.state._extensions or ()):
            # Signatures are completed where somebody types; for each page they take 3 ms.
            pn.extension("filedropper", apply_signatures=False)
    elif in_notebook():
        _load_inline()


@cache
def _load_inline() -> None:
    """Load them into the running cell, once, from this machine and not from a CDN."""
    pn.extension("filedropper", inline=True)
    patch_notebook()
