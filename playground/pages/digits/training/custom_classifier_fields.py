"""The choices about a network of one's own."""

from __future__ import annotations

import panel as pn

from playground.networks.classifiers import CustomClassifier
from playground.pages.controls.parameter_fields import field, group
from playground.pages.controls.typed_field import share_error
from playground.pages.digits.training.layer_sizes_field import LayerSizesField
from playground.pages.part import Part

KINDS = {"Dense layers only": "MLP", "Convolutions first": "CNN"}


class CustomClassifierFields(Part):
    """Fields for an CustomClassifier; those about convolutions only while it has some."""

    def __init__(self, own: CustomClassifier) -> None:
        super().__init__()
        channels = LayerSizesField(own, "channels", "Channels")
        hidden = LayerSizesField(own, "hidden", "Dense layers")
        share_error(channels, hidden)
        convolution_fields = pn.Column(
            group(
                channels,
                field(own, "kernel", name="Kernel size"),
                field(own, "pool", name="Pooling"),
                field(own, "padded", name="Padding"),
            ),
            margin=0,
            sizing_mode="stretch_width",
            visible=own.param.kind.rx() == "CNN",
        )
        self._column = pn.Column(
            self._kind_select(own),
            convolution_fields,
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
    def _kind_select(own: CustomClassifier) -> pn.widgets.RadioButtonGroup:
        kinds = pn.widgets.RadioButtonGroup(
            name="Kind", options=KINDS, value=own.kind, margin=0, css_classes=["pg-modes"]
        )
        kinds.link(own, value="kind", bidirectional=True)
        return kinds
