"""A tab of files to download: a snapshot of the page, and what else there is in `EXPORTS`."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import panel as pn

from playground.export.formats import AnyTrainer, Export, exports_of
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.runs.drawer.file_export import export_button


class FilesTab(Part):
    """Buttons that export a trainer as it is when they are clicked.

    Parameters
    ----------
    trainer : BaseTrainer
    snapshot : callable, optional
        Returns the page as one HTML file; called in a worker thread. None: no snapshot is offered.
    """

    def __init__(
        self, trainer: AnyTrainer, snapshot: Callable[[], str | bytes] | None = None
    ) -> None:
        super().__init__()
        self._message = LiveHTML("", margin=0, visible=False)
        self._column = pn.Column(self._message, css_classes=["pg-tab"], margin=0)
        self._column.sizing_mode = "stretch_width"
        for _, export in exports_of(trainer, snapshot):
            if not export.has_own_tab:
                self._column.extend(self._section(export, trainer))

    def __panel__(self) -> pn.Column:
        return self._column

    def _section(self, export: Export, trainer: AnyTrainer) -> tuple[pn.viewable.Viewable, ...]:
        """A heading, a sentence, and a button for each format."""
        missing = export.unavailable_reason()
        heading = f"<h3>{escape(export.title)}</h3><p>{escape(missing or export.about)}</p>"
        buttons = [
            export_button(each, export.filename, trainer, self._message) for each in export.formats
        ]
        for button in buttons:
            button.param.update(disabled=missing is not None, tags=help_tags(export.about))
        return (
            LiveHTML(heading, css_classes=["pg-about"], margin=0),
            pn.Row(*buttons, css_classes=["pg-switches"], margin=0),
        )
