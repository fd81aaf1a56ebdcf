"""How much pictures vary from one epoch to the next."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.digits.progress import ReaderBeat
from playground.pages.fields import field, group
from playground.pages.part import Part
from playground.training.augmentation import Augmentation


class AugmentationCard(Part):
    """A switch for augmentation, and how far each distortion may go."""

    def __init__(self, heartbeat: ReaderBeat) -> None:
        super().__init__()
        self._limits: Augmentation = heartbeat.trainer.augmentation
        self._switch = pn.widgets.Checkbox(
            name="Shift, turn and bend pictures a little",
            value=self._limits.untouched < 1,
            margin=0,
        )
        names = [name for name in Augmentation.param if name != "name"]
        sliders = pn.Column(
            group(*(field(self._limits, name) for name in names)),
            margin=0,
            sizing_mode="stretch_width",
            visible=self._limits.param.untouched.rx() < 1,
        )
        self._column = pn.Column(
            self._switch,
            pn.pane.HTML(
                "<p>No picture comes twice in the same way then, so that hands it has never seen "
                "are read too. The tab “Inputs” shows what comes of it.</p>",
                css_classes=["pg-about"],
                margin=0,
            ),
            sliders,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self._switch.param.watch(self._turn, "value")
        self._limits.param.watch(self._show, "untouched")
        self._limits.param.watch(heartbeat.refresh, names)

    def __panel__(self) -> pn.Column:
        return self._column

    def _turn(self, event: param.parameterized.Event) -> None:
        if event.new != (self._limits.untouched < 1):
            self._limits.untouched = Augmentation.param.untouched.default if event.new else 1.0

    def _show(self, event: param.parameterized.Event) -> None:
        self._switch.value = event.new < 1
