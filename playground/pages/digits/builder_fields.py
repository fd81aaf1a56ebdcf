"""The choices about a network of one's own."""

from __future__ import annotations

import panel as pn

from playground.networks.readers import OwnReader
from playground.pages.digits.sizes_field import SizesField
from playground.pages.fields import field, group
from playground.pages.part import Part
from playground.pages.typed_field import one_at_a_time

KINDS = {"Dense layers only": "MLP", "Convolutions first": "CNN"}


class BuilderFields(Part):
    """Fields for an OwnReader; those about convolutions only while it has some."""

    def __init__(self, own: OwnReader) -> None:
        super().__init__()
        channels = SizesField(own, "channels", "Channels")
        hidden = SizesField(own, "hidden", "Dense layers")
        one_at_a_time(channels, hidden)
        windows = pn.Column(
            group(
                channels,
                field(own, "kernel", name="Window"),
                field(own, "pool", name="Pooling"),
                field(own, "padded", name="Pad pictures"),
            ),
            margin=0,
            sizing_mode="stretch_width",
            visible=own.param.kind.rx() == "CNN",
        )
        self._column = pn.Column(
            self._kinds(own),
            windows,
            group(
                hidden,
                field(own, "activation"),
                field(own, "dropout", step=0.05),
                field(own, "batch_norm", name="Batch norm"),
            ),
            css_classes=["pg-own"],
            margin=0,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    @staticmethod
    def _kinds(own: OwnReader) -> pn.widgets.RadioButtonGroup:
        kinds = pn.widgets.RadioButtonGroup(
            name="Kind", options=KINDS, value=own.kind, margin=0, css_classes=["pg-modes"]
        )
        kinds.link(own, value="kind", bidirectional=True)
        return kinds
