"""The tab “Variety”: data augmentation of the training pictures."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.controls.fields.parameter_fields import field, group
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.part import Part
from playground.training.images.augmentation.augmentation import Augmentation


class AugmentationTab(Part):
    """A switch for data augmentation, and a slider for the range of each distortion."""

    def __init__(self, heartbeat: ImageHeartbeat) -> None:
        super().__init__()
        self._augmentation: Augmentation = heartbeat.trainer.augmentation
        self._switch = pn.widgets.Checkbox(
            name="Augment the training pictures",
            value=self._augmentation.untouched < 1,
            margin=0,
        )
        names = [name for name in Augmentation.param if name != "name"]
        sliders = pn.Column(
            group(*(field(self._augmentation, name) for name in names)),
            margin=0,
            sizing_mode="stretch_width",
            visible=self._augmentation.param.untouched.rx() < 1,
        )
        self._column = pn.Column(
            self._switch,
            pn.pane.HTML(
                "<p>Data augmentation: every epoch shows each picture with new distortions, so "
                "that the network generalises to other handwriting. The tab “Inputs” shows "
                "examples.</p>",
                css_classes=["pg-about"],
                margin=0,
            ),
            sliders,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self._switch.param.watch(self._on_toggle, "value")
        self._augmentation.param.watch(self._on_untouched, "untouched")
        self._augmentation.param.watch(heartbeat.refresh, names)

    def __panel__(self) -> pn.Column:
        return self._column

    def _on_toggle(self, event: param.parameterized.Event) -> None:
        if event.new != (self._augmentation.untouched < 1):
            self._augmentation.untouched = (
                Augmentation.param.untouched.default if event.new else 1.0
            )

    def _on_untouched(self, event: param.parameterized.Event) -> None:
        self._switch.value = event.new < 1
