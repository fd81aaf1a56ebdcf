"""The tab “Network”: the network to train, and its initial weights."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import panel as pn
import param

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.classifier_settings import CUSTOM, NEW_WEIGHTS, PRETRAINED
from playground.networks.classifiers import CLASSIFIERS
from playground.number_text import format_percent
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.fields.parameter_fields import field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.custom_classifier_fields import CustomClassifierFields
from playground.pages.digits.training.network_choice import NetworkChoice
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.part import Part
from playground.training.images import ImageFrame

__all__ = ["CUSTOM", "NEW_WEIGHTS", "PRETRAINED", "NetworkTab", "pretrained_accuracies"]

ABOUT_CUSTOM = "A network of your own layers."


class NetworkTab(Part):
    """The choice of a network: a registered one with new or pretrained weights, or a custom one.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of an ImageTrainer.
    choice : NetworkChoice, optional
        Made if left out.
    """

    def __init__(self, heartbeat: ImageHeartbeat, choice: NetworkChoice | None = None) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._choice = choice = choice or NetworkChoice(heartbeat.trainer)
        self._pretrained = pretrained_accuracies()
        buttons = pn.widgets.RadioButtonGroup
        start = field(choice, "start", widget=buttons, css_classes=["pg-modes"], sizing_mode=None)
        self._start_field = pn.Column(start, margin=0, sizing_mode="stretch_width")
        self._description = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._message = LiveHTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._builder = DeferredColumn(
            CustomClassifierFields(choice.own),
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
        self._column = pn.Column(
            field(choice, "model", widget=buttons, css_classes=["pg-chips"], sizing_mode=None),
            self._description,
            self._start_field,
            self._builder,
            self._message,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        choice.param.watch(self._change, ["model", "start", "refusal"])
        choice.own.param.watch(heartbeat.refresh, list(choice.own.param))
        heartbeat.trainer.param.watch(heartbeat.refresh, "classifier")
        self._change()

    def __panel__(self) -> pn.Column:
        return self._column

    def update(self, frame: ImageFrame) -> None:
        """Show the number of parameters."""
        self._describe(frame)

    def _change(self, *_events: param.parameterized.Event) -> None:
        refusal = self._choice.refusal
        self._message.param.update(object=escape(refusal), visible=bool(refusal))
        self._describe(self._heartbeat.frame)

    def _describe(self, frame: ImageFrame) -> None:
        kind = self._choice.model
        self._builder.visible = kind == CUSTOM
        self._start_field.visible = kind in self._pretrained
        about = [escape(ABOUT_CUSTOM if kind == CUSTOM else CLASSIFIERS[kind].about)]
        about.append(parameter_count_sentence(frame))
        if kind in self._pretrained:
            accuracy = format_percent(self._pretrained[kind])
            about.append(f"Pretrained accuracy on the MNIST test set: {accuracy}.")
        self._description.object = f"<p>{' '.join(about)}</p>"


def parameter_count_sentence(frame: ImageFrame) -> str:
    """Say how many parameters the network has.

    If the chosen one was refused, the sentence is about the network from before, and says so.
    """
    count = f"{sum(stage.parameters for stage in frame.stages):,} parameters"
    refused = any(note.kind == "refused" and note.place == "network" for note in frame.notes)
    return f"It stays the network from before, with {count}." if refused else f"{count}."


def pretrained_accuracies() -> dict[str, float]:
    """Return the test accuracy of each classifier with pretrained weights, by its name."""
    found = {}
    for name in pretrained.names():
        with suppress(InputError):  # a damaged model card
            found[name] = pretrained.model_card(name).accuracy
    return found
