"""Sending changes that belong together in one message, to a page or to the cells of a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import panel as pn
from bokeh.document import Document
from panel.io.notebook import block_comm, push_on_root


@contextmanager
def hold_updates() -> Iterator[None]:
    """Hold back all changes made in this context, and send them at its end.

    A served page sends them in one message with Panel's own `pn.io.hold`. In a notebook that has
    no effect: each change would be a message of its own, and each of these several that Jupyter
    carries.
    """
    state, document = pn.state, pn.state.curdoc
    if document is not None and document.session_context is not None:
        if document.callbacks.hold_value is not None:  # Whoever holds them sends these too.
            yield
            return
        # Bokeh would look through all changes so far, at each of them, for one to combine it with.
        with pn.io.hold(policy="collect"):
            yield
    elif state._hold:
        yield
    else:
        cells = dict(state._views)
        with ExitStack() as stack:
            for _view, _root, document, _comm in cells.values():
                stack.enter_context(_hold_document(document))
            with block_comm():
                yield
            for cell in cells:
                push_on_root(cell)


@contextmanager
def _hold_document(document: Document) -> Iterator[None]:
    """Keep the changes of a notebook's document until `push_on_root` sends them.

    Panel holds such a document anyway, except while it handles an event of Bokeh's: then the
    changes would be dropped.
    """
    if document.callbacks.hold_value is not None:
        yield
        return
    document.hold()
    try:
        yield
    finally:
        document.unhold()
