"""What a browser may change of Panel's components, and what becomes of values that are not allowed.

Both patch Panel for the whole process; nothing is patched on import.
"""

from __future__ import annotations

import logging
import reprlib
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import panel as pn
from bokeh.model import Model
from panel.reactive import Syncable

from playground.errors import InputError

LIBRARIES = frozenset({"param", "panel", "bokeh"})
CHANGED_BY_PEOPLE = frozenset(
    {"active", "clicks", "collapsed", "value", "value_input", "value_throttled", "_transfers"}
)
"""Properties that change when a person uses a component."""
COMPONENTS = (
    pn.Card,
    pn.Column,
    pn.Row,
    pn.Tabs,
    pn.pane.HTML,
    pn.widgets.Button,
    pn.widgets.CheckBoxGroup,
    pn.widgets.CheckButtonGroup,
    pn.widgets.Checkbox,
    pn.widgets.FileDownload,
    pn.widgets.FileDropper,
    pn.widgets.FloatInput,
    pn.widgets.FloatSlider,
    pn.widgets.IntInput,
    pn.widgets.IntSlider,
    pn.widgets.PasswordInput,
    pn.widgets.RadioButtonGroup,
    pn.widgets.Select,
    pn.widgets.TextInput,
    pn.widgets.Toggle,
)
"""Components of which a browser may change nothing else."""
MULTIPLE_CHOICES = (pn.widgets.CheckBoxGroup, pn.widgets.CheckButtonGroup)
"""Components whose `active` is a list of numbers of options."""


@cache
def check_changes() -> None:
    """Check what browsers change of components from now on, in all pages of this process.

    Panel takes over whatever a browser writes, such as the options of a choice. Example: 100,000
    options for `pn.widgets.Select`, a message of 300 kB, hold up the event loop for two seconds.

    A browser may choose an option several times. Example: `active` of a `CheckButtonGroup` as
    10,000 zeros is 10,000 values for its parameter, which go into links and saved files.

    It logs a traceback for each value that a parameter does not allow, and raises once more, which
    Bokeh logs too. Example: a browser that sends 11 for a slider whose parameter has the bounds
    (0, 10). What is logged instead is one line.
    """
    link, process = Syncable._link_props, Syncable._process_events

    def link_some(
        component: Syncable, model: Model, properties: Sequence[Any], *args: Any, **kwargs: Any
    ) -> None:
        if isinstance(component, COMPONENTS):
            properties = [each for each in properties if each in CHANGED_BY_PEOPLE]
        if properties:
            link(component, model, properties, *args, **kwargs)

    def process_or_refuse(component: Syncable, changes: Mapping[str, Any]) -> None:
        changes = dict(changes)
        if isinstance(component, MULTIPLE_CHOICES) and "active" in changes:
            changes["active"] = list(dict.fromkeys(changes["active"]))
        try:
            process(component, changes)
        except Exception as error:  # All but refusals is raised again.
            if not is_refusal(error):
                raise

    Syncable._link_props = link_some  # type: ignore[method-assign, assignment]
    Syncable._process_events = process_or_refuse  # type: ignore[method-assign, assignment]
    logging.getLogger("panel.reactive").addFilter(shorten_refusal)


def is_refusal(error: BaseException) -> bool:
    """Whether an error says that a value is not allowed, rather than that the program is wrong.

    Such are what a parameter raises, what Panel raises before it calls any function of ours, and
    what we raise for people.
    """
    names = [
        str(frame.f_globals.get("__name__", ""))
        for frame, _line in traceback.walk_tb(error.__traceback__)
    ]
    parts = [name.partition(".")[0] for name in names if name != __name__]
    raised_by = parts[-1] if parts else ""
    if isinstance(error, InputError):
        return True
    if "playground" in parts:
        return raised_by == "param" and isinstance(error, ValueError | TypeError)
    return raised_by in LIBRARIES


def shorten_refusal(record: logging.LogRecord) -> bool:
    """Make a warning of one line of what Panel logs about a refused change."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and is_refusal(error):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg = "A change in the browser was refused: %s"
        record.args, record.exc_info = (reprlib.repr(str(error)),), None
    return True
